# The web page.

## the frame


## the run that goes on

live-running = 実行中
live-judging = 終了：レポートを作成中
live-fault = { $fault } { $target }
live-phase-starting = ユーザーを開始中
live-phase-baseline = ベースラインを測定中
live-phase-in-effect = { $what } が作用中
live-phase-recovering = { $what } から復旧中
live-phase-between = 正常：次の障害まで待機中
live-phase-ending = 受理済みエントリを読み戻し中
live-progress-waiting = 待機中
live-progress-running = 実行中
live-progress-done = 終了
live-lane-well = 正常
live-kpi-at-the-end = 実行の終了後に集計
live-newer-schema = 実行 { $run } は新しいバージョンで記録されています（スキーマ { $found }、対応は { $known } まで）。goose-recovery を更新してください
live-alert-missing = 未着
live-alert-awaited = 待機中

## what becomes of it


## the list of runs


