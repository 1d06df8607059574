# 実行の比較が述べること：異なる点、結果を弱めるもの、判定できない理由。

compare-none = なし
compare-yes = はい
compare-no = いいえ
compare-difference = { $name }（{ $values }）
compare-sides = { $before } | { $side }

## 実行間で異なりうるもの

compare-field-schema = サマリーのバージョン
compare-field-scenarios = シナリオ
compare-field-faults = 障害の種類
compare-field-outage = 停止時間
compare-field-stores = ストア
compare-field-users = ユーザー数
compare-field-think-time = 思考時間
compare-field-request-timeout = リクエストのタイムアウト
compare-field-canary-request = カナリアのリクエスト
compare-field-canary-interval = カナリアの間隔
compare-field-health-interval = ヘルスチェックの間隔
compare-field-hold = 維持時間
compare-field-recovery-deadline = 復旧期限
compare-field-alert-source = アラートの受信可否
compare-field-sink-outage = アラート受信側の停止時間
compare-field-label = ラベル { $label }
compare-field-policy = ポリシー項目 { $field }
compare-field-base-url = ベース URL
compare-field-bundled-backend = 同梱バックエンド
compare-field-iterations = 障害の回数
compare-field-pause = 障害間の休止時間
compare-field-resync-grace = State Resync を強制するまでの猶予
compare-field-baseline-length = ベースラインの最短時間
compare-field-baseline-canaries = ベースラインの最少カナリア数
compare-field-seed = シード
compare-field-goose-recovery = goose-recovery のバージョン
compare-field-goose = goose のバージョン
compare-field-os = オペレーティングシステム
compare-field-cpus = プロセッサ数
compare-field-release-build = 最適化ビルド

## 比較を弱めるもの

compare-caveat-forced = これらの実行は同じものを測定していません：{ $differences }。比較は強制されたものであり、結果は設定と無関係かもしれません。
compare-caveat-unfinished = 完了していない実行が { $count } 件あります：{ $runs }。
compare-caveat-one-run = { $sides } の実行は 1 回だけであるため、実行ごとのばらつきが分かりません。マシンや時刻による差が、設定による差に見えることがあります。

## 区間がない理由

compare-reason-few = 値のある試行が { $least } 件に満たない側がある
compare-reason-not-observed = 両側では観測されていない
