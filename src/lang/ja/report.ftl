# どの形式の報告書でも使う語句。

verdict-pass = 合格
verdict-fail = 不合格
verdict-inconclusive = 判定不能

headline-pass = システムはすべての合格ラインの範囲内で自己回復しました
headline-fail = 合格ラインを満たさない項目があります
headline-inconclusive = データからは判定できません

kpi-auto_recovery_rate = 自動復旧成功率
kpi-state_resync_rate = State Resync 成功率
kpi-mean_recovery_time = 平均復旧時間
kpi-missed_alerts = 通知漏れ

kpi-auto_recovery_rate-definition = システム自身の動作だけで復旧したエピソード ÷ 判定されたエピソード。連鎖障害は 1 件と数えます
kpi-state_resync_rate-definition = 状態が自力で期限内に完全に復元され、受理済みエントリの欠損も変化もなかったストア障害エピソード ÷ ストア障害エピソード
kpi-mean_recovery_time-definition = 障害の影響が始まってから、利用者が以前と同じようにサービスを受けられるまでの平均時間
kpi-missed_alerts-definition = 期待されたが期限までに届かなかった通知

kpi-metric-percentile = 契約を満たした利用者リクエストの所要時間の { $percent } パーセンタイル
kpi-metric-max = 契約を満たした利用者リクエストの最長所要時間
kpi-metric-mean = 契約を満たした利用者リクエストの平均所要時間
kpi-metric-error_rate = 契約を満たさなかった利用者リクエスト ÷ 利用者リクエストの総数
kpi-metric-availability = 契約を満たしたカナリア ÷ カナリアの総数（応答がない間も一定間隔で送られる）
kpi-metric-throughput = 契約を満たした利用者リクエストの毎秒件数

kpi-phase-before = シナリオ最初の障害の前（それ以前の障害のエピソードを除く）
kpi-phase-during = エピソード中（障害の影響の開始時に処理中だったものを含め、そこから復旧または期限まで）
kpi-phase-recovering = エピソード中、障害の作用が終わった後
kpi-phase-after = 復旧後（次の障害まで、またはシナリオの終了まで）
kpi-phase-whole = シナリオ全体
kpi-custom-definition = { $metric }、{ $phase }

outcome-recovered = 復旧
outcome-censored = 打ち切り
outcome-void = 無効
outcome-aborted = 中断

outcome-recovered-meaning = 障害前の状態に達し、それを維持しました
outcome-censored-meaning = 期限までに復旧しませんでした。失敗として数えます
outcome-void-meaning = 障害の影響が確認できませんでした。報告はしますが、成功とは数えません
outcome-aborted-meaning = 判定の前に中断されました。どの率にも含めません

run-completed = 完了
run-interrupted = 中断
run-aborted = ガードレールにより中止
run-failed = ハーネスのエラーにより終了

role-matched = 期待どおり（期限内）
role-late = 期待されたが遅延
role-duplicate = 重複
role-collateral = 付随
role-false = 誤報

phase-detect = 検知
phase-restart = 再起動
phase-ready = 準備完了
phase-restore = 状態復元
phase-recover = 回復

phase-detect-meaning = 障害の影響の開始 → 検知
phase-restart-meaning = 検知 → 再起動
phase-ready-meaning = 再起動 → 準備完了
phase-restore-meaning = 準備完了 → 状態の復元
phase-recover-meaning = これらの最後 → 利用者が以前と同じようにサービスを受けられるまで

phase-detect-of-stores = 障害の影響の開始 → バックエンドが気づくまで
phase-restart-of-stores = 気づいてから → ストアが再び受け付けるまで。ハーネスが起こし、終わらせる停止です
phase-ready-of-stores = 再び受け付けてから → バックエンドが応答を確認するまで
phase-restore-of-stores = 応答 → 状態の復元
phase-recover-of-stores = これらの最後 → 利用者が以前と同じようにサービスを受けられるまで

## 文の部品

n-of = { $n } / { $all }
from-to = { $from } ～ { $to }
list-comma = 、
list-semicolon = ；
with-detail = { $text }（{ $detail }）
named = { $name }：{ $text }
none = なし
yes = はい
no = いいえ
unknown = 不明
helped = 手助けあり

## 見出し

heading-caveats = この結果を弱めるもの
heading-timeline = タイムライン
heading-recovery = エピソードごとの復旧
heading-users = 利用者への影響
heading-state = 状態
heading-alerts = 通知
heading-chains = 連鎖障害
heading-load = 負荷
heading-run = 実行の条件

## 件数

count-episodes = エピソード { $n } 件
count-chains = 連鎖 { $n } 件
count-decided-episodes = 判定済みエピソード { $n } 件
count-decided-trials = 判定済み試行 { $n } 件
count-outcome = { $outcome } { $n } 件

## KPI の値

kpi-mean-of = { $n } 件の平均
kpi-requests = リクエスト { $n } 件
kpi-requests-in = { $length } にリクエスト { $n } 件
kpi-left-out = 除外 { $n } 件
kpi-at-least = { $value } 以上（信頼度 95 %、片側）
kpi-at-most = { $value } 以下（信頼度 95 %、片側）
kpi-missed = { $name }は { $value } で、合格ライン（{ $line }）を満たしていません
kpi-undecided = { $name }（{ $value }、合格ライン { $line }）は判定できません

## エピソードの一覧

failures-between = { $first } … { $last }
failures-from = { $first } から
alerts-not-due = 期待なし
alerts-late = 遅延 { $n } 件
alerts-duplicate = 重複 { $n } 件
alerts-collateral = 付随 { $n } 件
alerts-false = 誤報 { $n } 件

## 実行全体の通知

alerts-none = データなし：通知は期待されず、届きもしませんでした
alerts-in-time = 期待された通知のうち期限内 { $count }
alerts-recall-none = データなし：期待された通知がありません
alerts-precision-none = データなし：対応した通知も誤報もありません
alerts-rates = 再現率 { $recall }、適合率 { $precision }
alerts-delays-none = データなし：対応した通知がありません
alerts-delays = p50 { $p50 }、p95 { $p95 }、最大 { $max }
alerts-delay = 遅れ { $delays }
alerts-sink-closed = 当方の通知受信口を { $length } 閉じていました

## 実行全体

load-none = データなし：利用者のリクエストは記録されていません
load-line = リクエスト { $requests } 件（失敗 { $failed } 件）、毎秒 { $rate } 件。p95 はエピソード内 { $inside }、エピソード外 { $outside }
ledger-none = データなし：エントリは書き込まれていません
ledger-line = 受理済みエントリ { $acknowledged } 件：安定 { $stable }、変化 { $stale }、欠損 { $lost }、読み戻し不可 { $never_read }
ledger-unexpected = 想定外 { $n } 件
ledger-indeterminate = 不確定（応答なし） { $n } 件
ledger-spooled = スプールから受理 { $n } 件
ledger-replayed = スプールから再生 { $n } 件
harness-lag = { $thread } { $p99 }（最大 { $max }）
harness-lags = 起床遅れ p99：{ $lags }
stalls-none = 利用者がジャーナルを待つことはありませんでした
stalls = 利用者がジャーナルを { $n } 回、合計 { $sum } 待ちました
unreadable-none = ジャーナルのすべての行を読み取れました
unreadable = ジャーナルの { $n } 行を読み取れませんでした

## 連鎖障害

chain-strategy-unchanged = 変更なし
chains-sum = { $chains }。複数のメンバーが同時に停止した連鎖 { $overlapped } 件、すでに停止していた対象 { $skipped } 件、依存先が戻らず自ら終了したモジュール { $exits } 件

## 状態

state-loss = { $rate }（読み戻した受理済みエントリ { $read } 件中、欠損 { $lost } 件）。信頼度 95 %（片側）で { $bound } 以下
state-resynced = 復元済み
state-not-resynced = 復元されず
state-not-known = 不明
state-recovery-from-end = 障害の終了からの復旧時間
state-outage = 停止時間
state-time-to-resync = 障害の終了から復元までの時間
state-spooled = スプールに入ったエントリ
state-replayed = 再生されたエントリ
state-automatic-resync = 自動の再同期
state-forced-resync = 強制の再同期
state-read-back = 読み戻し
state-state = 状態
resynced-not-known = 不明 { $n } 件
resyncs-automatic = 開始 { $begun } 件、成功 { $succeeded } 件、失敗 { $failed } 件
resyncs-unseen = 未観測：バックエンドがイベントを出していません
resyncs-requested = 要求 { $asked } 件、成功 { $succeeded } 件、失敗 { $failed } 件、拒否 { $refused } 件
resyncs-unknown = 結果が不明 { $n } 件
resync-automatic = 自動
resync-forced = 強制
resync-succeeded = 成功
resync-failed = 失敗
resync-refused = 拒否
resync-unknown = 不明
resync-no-answer = 応答なし
resync-report = { $outcome }、{ $length }：再生 { $replayed } 件、再構築 { $rebuilt } セッション、修復 { $repaired } セッション、不一致 { $mismatches } 件
read-back = 新たな欠損または変化 { $damaged } 件、読み取れなかったエントリ { $unread } 件
read-back-none = 実施されていません
read-back-compared = キャッシュとデータベースの相違 { $differ } / { $compared } セッション
read-back-not-compared = キャッシュとデータベースは比較していません
