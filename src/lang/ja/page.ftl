# ページ index.html。

## ページ：冒頭

page-title = 負荷下での復旧
page-skip = 判定へ移動
page-kicker = 負荷下での復旧
page-question = このシステムは自己回復するか、どれだけ速いか、そして通知するか
page-line = 開始 { $start } · 所要時間 { $length }
page-sections = セクション
page-footer = goose-recovery が実行のジャーナルから作成しました。このファイルはオフラインで動作します。同じフォルダーの summary.json に、機械可読な同じ数値があります。

## ページ：判定と KPI

page-run-was = 実行は{ $state }しました
page-culprits-more = ほか { $n } 件のエピソード
page-why-helped = 復旧しましたが、自力ではありません
page-why-censored = { $deadline } 以内に復旧しませんでした
page-why-reached = 到達した段階：{ $phase }
page-why-unnoticed = 検知は観測されていません
page-why-cause = 最も多い失敗：{ $cause }（{ $n } 件）
page-why-slow = { $length } かかりました
page-why-missed = { $alert }が { $length } 以内に届きませんでした
page-why-late = { $alert }が期限の { $length } 後に届きました
page-why-alerts = 期待された通知 { $expected } 件中 { $n } 件の漏れ
page-why-damaged = 新たに欠損または変化したエントリ { $n } 件
page-alert-of = { $module } の { $kind }
page-kpis = KPI と合格ライン
page-trials = 試行
page-undeclared = 宣言なし
page-no-kpi = データなし：このシナリオは KPI を宣言していません。
page-counted = 件数
page-no-caveats = 分析の知る限り、ありません。
page-trust-held = 測定そのものの確認項目のうち、満たしているもの：

## ページ：図

page-figure-timeline = 利用者への影響の推移
page-figure-recovery = エピソードごとの復旧時間（段階別）
page-figure-resilience = t0 でそろえたエピソードごとの回復曲線
page-figure-recovery_ecdf = 復旧時間の分布
page-figure-latency = エピソード内外のレイテンシ
page-figure-resync = ストア障害エピソードごとの停止時間と復元までの時間
page-figure-alerts = 期待された通知ごとの遅れ
page-figure-cascade = モジュールとストアの状態の推移
page-figure-start = 時間軸は実行開始（{ $start }）からの秒数です。
page-data = 図の数値

## ページ：エピソード

page-episodes = 各エピソード
page-no-episode = データなし：エピソードはありません。
page-few-curves = エピソードが { $n } 件を超えるため、回復曲線は復旧しなかったものと最も遅かったものにだけあります。
page-open-all = すべて開く
page-close-all = すべて閉じる
page-all = すべて
page-shown = 表示：
page-from-end = 障害の終了から
page-phases = 段階
page-phase-open = 未完了
page-phase-open-meaning = その後、期限切れまたは実行の終了まで
page-phases-unobserved = 未観測：{ $phases }。終わりが観測されなかった段階の長さは、次の段階に含まれます。
page-curve = 回復曲線
page-facts = 数値
page-events = t0 からの出来事
page-causes = 原因別の失敗リクエスト
page-cause = 原因
page-causes-other = その他の原因
page-episode-t0 = t0（実行開始から）
page-episode-evidence = 影響の証拠
page-episode-automatic = 自動
page-episode-by-itself = はい：システム自身だけが動作しました
page-episode-undecided = 判定されていません
page-episode-recovery = 復旧時間
page-episode-first-success = t0 後の最初の成功
page-episode-first-failure = t0 後の最初の失敗
page-episode-last-failure = t0 後の最後の失敗
page-episode-failed = 失敗したリクエスト
page-episode-goodput = 失われたグッドプット
page-episode-requests = リクエスト { $n } 件
page-episode-attempts = 再起動の試行
page-episode-alerts = 通知
page-episode-alert-delay = 通知の遅れ
page-episode-baseline = 判定の基準
page-episode-baseline-text = ベースライン { $from } ～ { $to }：カナリア { $n } 件、成功 { $good }、p95 { $p95 }
page-episode-baseline-rate = 毎秒 { $rate } リクエスト
page-episode-no-baseline = ベースラインは測定されていません
page-due-in-time = { $alert }（期限 { $due }）：{ $after } 後に届きました
page-due-late = { $alert }（期限 { $due }）：遅れて { $after } 後に届きました
page-due-missed = { $alert }（期限 { $due }）：届きませんでした
page-due-undecided = { $alert }（期限 { $due }）：期限の前に実行が終わりました

## ページ：利用者

page-latency = レイテンシと可用性
page-latency-meaning = エピソードのいずれかの時点で処理中だったリクエストを、ほかのリクエストと分けて示します。実行全体をまとめた数値では停止が見えなくなります。
page-inside = エピソード内
page-outside = エピソード外
page-requests = リクエスト
page-failed = 失敗
page-availability = 可用性
page-longest = 最長
page-goodput-lost = { $episodes }で失われたグッドプットはリクエスト { $requests } 件です（t0 から終了までの、ベースラインのグッドプットとの差の面積）。

## ページ：状態

page-ledger = 受理済みセッションエントリの行方
page-ledger-acknowledged = 受理済み
page-ledger-acknowledged-meaning = 2xx で応答されたもの。以後失われてはなりません
page-ledger-stable = 安定
page-ledger-stable-meaning = 受理され、変わらず読み戻せたもの
page-ledger-stale = 変化
page-ledger-stale-meaning = 受理されたが、異なる内容で読み戻されたもの
page-ledger-lost = 欠損
page-ledger-lost-meaning = 受理されたが、完全な読み取りに現れないもの
page-ledger-never-read = 読み戻し不可
page-ledger-never-read-meaning = 受理されたが、そのセッションを読み取れなかったもの
page-ledger-unexpected = 想定外
page-ledger-unexpected-meaning = 送っていないのに読み取られたもの
page-ledger-indeterminate = 不確定
page-ledger-indeterminate-meaning = 応答がなく、有無が定まらないもの。欠損とは数えません
page-ledger-spooled = スプール
page-ledger-spooled-meaning = ストアの停止中に、スプールに保存して受理されたもの
page-ledger-replayed = 再生
page-ledger-replayed-meaning = スプールからデータベースに移されたもの（再同期の報告による）
page-ledger-compared = 比較したセッション
page-ledger-compared-meaning = すべての終了後に、キャッシュとデータベースの両方に問い合わせたもの
page-ledger-cache-differs = キャッシュの相違
page-ledger-cache-differs-meaning = そのうち、両者の内容が一致しなかったセッション
page-resyncs = 契機別の再同期
page-resyncs-meaning = 強制した再同期は、自力で行われなかった再同期の代わりにはなりません。
page-store-rows = ストアと障害の種類ごとのエピソード
page-no-store-episode = データなし：ストア障害のエピソードはありません。
page-store = ストア
page-episode-count = エピソード
page-newly-damaged = 新たな損傷

## ページ：通知

page-alert-totals = 通知の合計
page-alerts-expected = 期待
page-alerts-expected-meaning = 障害によって期待されたもの
page-alerts-in-time = 期限内
page-alerts-in-time-meaning = 期待され、期限までに届いたもの
page-alerts-missed = 漏れ
page-alerts-missed-meaning = 期待されたが、期限までに届かなかったもの
page-alerts-late = 遅延
page-alerts-late-meaning = 漏れのうち、後から届いたもの
page-alerts-duplicate = 重複
page-alerts-duplicate-meaning = 同じ冪等キーで再び届いたもの
page-alerts-collateral = 付随
page-alerts-collateral-meaning = 期待されていないが、エピソード内に届いたもの
page-alerts-false = 誤報
page-alerts-false-meaning = 期待されておらず、どのエピソードにも属さないもの
page-alerts-received = 受信
page-alerts-received-meaning = 重複を含むすべて
page-alerts-recall = 再現率
page-alerts-recall-meaning = 期限内 ÷ 期待
page-alerts-precision = 適合率
page-alerts-precision-meaning = 期限内 ÷（期限内 ＋ 誤報）
page-alerts-delay = 遅れ
page-alerts-delay-meaning = t0 から期限内の通知まで
page-alerts-sink-closed = 当方の受信口の閉鎖
page-alerts-sink-closed-meaning = 意図的なもの。その間、期限は進みませんが、遅れは進みます
page-no-alert = 通知は届きませんでした。
page-every-alert = 到着順のすべての通知
page-at = 時刻
page-severity = 重大度
page-kind = 種類
page-module = モジュール
page-message = 本文
page-matched-as = 照合結果

## ページ：連鎖障害

page-chains-meaning = 重なるように注入した複数の障害は 1 回の試行とし、最後のメンバーが復旧したときに復旧とします。各メンバー自身の準備完了までの時間を、システム全体の時間と並べて示します。
page-chain-table = 各連鎖
page-member-table = 連鎖のメンバー
page-whole-system = システム全体
page-overlapped = 同時停止
page-strategy = 戦略
page-down-already = すでに停止（付随）
page-dependency-exits = 依存先が戻らず自ら終了
page-after-first = 最初の障害から
page-itself-ready = 自身の準備完了まで
page-recovered-after = 復旧まで

## ページ：負荷

page-load-users = 利用者数
page-load-think-time = 思考時間
page-load-requests = リクエスト
page-load-failed = 失敗
page-load-rate = 毎秒のリクエスト
page-goose = goose 自身の計測値
page-goose-line = 同時利用者は最大 { $users } 人、負荷の時間は { $length }、リクエストの種類は { $kinds } です。
page-goose-more = ほか { $n } 種類のリクエスト
page-goose-file = すべての値は、このページと同じフォルダーの goose.json にあります。上の数値はジャーナルによるものです。
page-no-goose = goose 自身の計測値が得られる前に実行が終わりました。
page-succeeded = 成功
page-shortest = 最短
page-mean = 平均

## ページ：実行の条件

page-plan = 計画・対象・バージョン
page-run-backend = バックエンド
page-run-backend-bundled = 同梱のもの（ハーネスが起動）
page-run-backend-other = 外部で起動されたもの
page-run-stores = ストア
page-run-timeout = リクエストのタイムアウト
page-run-canary-text = { $length } ごとに { $request }
page-run-health = ヘルスの確認
page-run-every = { $length } ごと
page-run-recovered = 復旧の定義
page-run-recovered-text = 障害前と同じ状態を { $length } 維持
page-run-deadline = 復旧の期限
page-run-baseline = ベースライン
page-run-baseline-text = { $length } 以上かつカナリア { $n } 件以上
page-run-alerts = 通知の受信
page-run-strict = 厳格（信頼限界も合格ラインを超えること）
page-run-harness = goose-recovery
page-run-goose = goose
page-run-system = システム
page-run-system-text = { $os }、プロセッサ { $n } 個
page-run-optimised = 最適化ビルド
page-run-sink-outage = 通知シンクを意図的に閉じる時間
page-run-label = ラベル { $key }
page-scenarios = シナリオ
page-faults = 障害数
page-pause = 間隔
page-outage = 停止時間
page-resync-grace = 強制再同期までの猶予
page-judged-on = 判定対象
page-policy = 実行前の対象の再起動ポリシー
page-policy-meaning = 名前と値は対象自身のものです。
page-no-policy = 対象はポリシーを示していません。

## 信頼性

page-trust = この測定は信頼できるか
page-trust-meaning = 資源の足りないハーネスは自分自身を測ってしまいます。数値が対象を表すために必要な条件と、実際の結果を示します。
page-check = 確認
page-must-be = 必要な条件
page-found = 結果
trust-holds = 満たす
trust-fails = 満たさない
trust-open = 未確定
trust-lags = ハーネスのスレッドが時刻どおりに起きる（遅れの p99 が { $most } 以下）
trust-lag = { $thread } スレッドが時刻どおりに起きる（遅れの p99 が { $most } 以下）
trust-lag-found = p99 { $p99 }、最大 { $max }
trust-stalls = 利用者がジャーナルを待たない
trust-unreadable = ジャーナルが完全である
trust-probes = カナリアとヘルスの確認が動いた
trust-probes-found = カナリア { $canaries } 件、確認 { $polls } 件
trust-build = ハーネスが最適化ビルドである
trust-build-optimised = 最適化済み
trust-build-debug = デバッグビルド：マシンの負荷が増え、対象への負荷が減ります
trust-clock = 対象のイベントの時刻が当方の時計による
trust-clock-same = 同じマシンなので、時計も同じです
trust-clock-other = 別のマシン：時計のずれは測定していません。ずれは段階に影響しますが、復旧時間には影響しません
trust-baseline = どのベースラインも復旧の維持時間 { $hold } 以上ある
trust-baseline-missing = ベースラインのないエピソード { $n } 件
trust-baseline-found = カナリア { $n } 件以上、{ $length } 以上
trust-healthy = 障害のないときはシステムが正常である（カナリアの { $least } 以上が成功）
trust-healthy-found = 最も悪いベースラインで { $worst }
trust-ending = 実行が計画どおりに終わった
trust-effects = どの障害にも確認された影響があった
trust-decided = どのエピソードも判定された
trust-uncensored = どの復旧時間も観測された
trust-alerts = 通知を受信できた
trust-alerts-found = 受信 { $n } 件
trust-alerts-none = 通知の受信元なし
trust-trials = シナリオ { $scenario } の試行が { $n } 回以上
