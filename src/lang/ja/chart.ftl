# 図の中の語句。

## resilience

resilience-title = 各障害の前後の goodput
resilience-caption = エピソード { $n } 件、1 件につき 1 本の線。それぞれのベースラインに対する % · 開始 { $started } · 実行 { $run }
resilience-caption-some = エピソード { $all } 件のうち { $n } 件（復旧しなかったものと最も遅いもの）、1 件につき 1 本の線。それぞれのベースラインに対する % · 開始 { $started } · 実行 { $run }
resilience-goodput = goodput（エピソードのベースラインに対する %）
resilience-since-t0 = 障害の影響の開始（t0）からの秒数
resilience-baseline = ベースライン = 100 %
resilience-t0 = t0
resilience-no-data = データなし：影響のあった障害がないか、比較の基準となるベースラインがありません
resilience-panel = { $scenario }：エピソード { $n } 件
resilience-panel-modules = { $scenario }：モジュールの障害、エピソード { $n } 件
resilience-panel-stores = { $scenario }：ストアの障害、エピソード { $n } 件

resilience-alt = 障害の影響の開始からの goodput の推移です。エピソード { $n } 件をそれぞれ 1 本の線で示します。そのうち { $recovered } 件が復旧しました。
resilience-alt-lowest = goodput が最も低かったのはエピソード { $episode } で、t0 から { $after } 後にベースラインの { $share } % でした。

resilience-column-episode = #
resilience-column-lowest = goodput の最低値（ベースラインに対する %）
resilience-column-after = t0 からの時間
resilience-column-low = 90 % 未満の時間
resilience-column-lost = 失われたリクエスト
resilience-column-p95 = カナリアの p95 の最大値

## 1 件のエピソードの曲線

episode-curve-requests = 1 秒あたりのリクエスト数
episode-curve-baseline = 基準
episode-curve-goodput = goodput
episode-curve-lost = 損失
episode-curve-failed = 失敗
episode-curve-held = 利用者を停止
episode-curve-canaries = カナリアの p95（対数目盛）
episode-curve-limit = 上限
episode-curve-canary-failed = カナリアの失敗
episode-curve-t0 = t0
episode-curve-detected = 検知
episode-curve-restarted = 再起動
episode-curve-outage-ended = 停止の終了
episode-curve-ready = 準備完了
episode-curve-restored = 状態復元
episode-curve-alt = エピソード { $episode } の t0 の前後です。goodput の最低値は毎秒 { $lowest } 件で（ベースラインでは毎秒 { $baseline } 件）、{ $lost } 件のリクエストが失われました。カナリアの p95 の最大値は { $slowest }、復旧と判定する上限は { $limit } です。
## 複数の図

chart-range = { $low }～{ $high }

chart-seconds-since-start = 開始からの秒数
chart-no-request = データなし：利用者のリクエストが記録されていません
chart-no-episode = データなし：エピソードがありません


## timeline

timeline-title = 利用者が受けた影響の推移
timeline-caption = 開始 { $started } · 1 点は { $bin } · 実行 { $run }
timeline-fault = 障害の影響の開始（t0）
timeline-recovered = 復旧まで
timeline-read-back = 読み戻し：利用者を停止
timeline-undecided = 未復旧（打ち切りまたは中断）
timeline-void = 無効：影響のない障害
timeline-unnamed = 障害 { $n } 件：ここに対象名を示す余地がありません
timeline-rates = 1 秒あたりのリクエスト数
timeline-good = 契約を満たしたもの（goodput）
timeline-failed = 失敗
timeline-errors = エラー率（リクエストに対する %）
timeline-latency = 応答時間（対数目盛）

timeline-alt-nothing = データなし：利用者のリクエストが記録されていません。
timeline-alt = { $length } にわたる利用者の 1 秒あたりのリクエスト数、エラー率、応答時間です。障害の時間帯 { $windows } 件に網掛けしています。
timeline-alt-extremes = goodput は最大で毎秒 { $peak } 件、最も悪い点では { $worst } のリクエストが失敗しました。
timeline-alt-read-backs = 読み戻しのために利用者を { $n } 回停止しました。

timeline-column-from = 開始時点（開始からの s）
timeline-column-good-per-s = goodput（件/s）
timeline-column-failed-per-s = 失敗（件/s）
timeline-column-error-rate = エラー率（%）
timeline-column-p50 = p50（ms）
timeline-column-p99 = p99（ms）

## recovery

recovery-title = エピソードごとの復旧時間
recovery-caption = { $outcomes } · 開始 { $started } · 実行 { $run }
recovery-restart-of-stores = 再起動（ストアではハーネスによる停止）
recovery-void = { $outcome }：障害の影響が確認できませんでした
recovery-censored = { $outcome }：{ $after } 以内に復旧せず
recovery-aborted = { $outcome }：{ $after } 後
recovery-mean = 平均 { $mean }
recovery-pass-line = 合格ライン { $limit }（平均）
recovery-pass-line-far = 合格ライン { $limit }（平均）は右の遠方、軸の { $times } 倍 →

recovery-alt-nothing = データなし：復旧したエピソードがありません（{ $outcomes }）。
recovery-alt = 各エピソードの復旧時間を段階に分けて示します。
recovery-alt-times = { $outcomes }。復旧に要した時間は { $span } です。

recovery-column-phase = { $phase }（ms）
recovery-column-recovery = 復旧時間（ms）
recovery-column-from-end = 障害の終了からの復旧時間（ms）
recovery-column-failures = 失敗の観測（t0 からの ms）
recovery-column-requests = リクエスト数
recovery-column-failed = 失敗したリクエスト数

## resync

resync-title = ストア障害エピソードごとの停止時間と再同期時間
resync-caption = { $outcomes } · 開始 { $started } · 実行 { $run }
resync-stores = ストア · { $stores }
resync-stores-unknown = ストア · 不明
resync-outage = 停止（ハーネスによる）
resync-uncounted = 再同期と認められないもの
resync-open = エピソード終了時に未完了
resync-spooled = スプール（件）
resync-replayed = 再適用（件）
resync-no-fault = データなし：ストア障害は注入されていません
resync-no-effect = データなし：影響のあったストア障害はありません

resync-resynced = 再同期済み
resync-not-resynced = 再同期せず
resync-because = { $verdict }：{ $reason }

resync-alt-no-fault = データなし：ストア障害は注入されていません。
resync-alt-no-effect = データなし：影響のあったストア障害はありません。
resync-alt = ストア障害エピソード { $n } 件の停止時間と再同期時間です。
resync-alt-lengths = 停止時間：{ $outages }。停止の終了から状態が完全に復元されるまで：{ $resyncs }。
resync-alt-whole = { $n } 件中 { $whole } 件が、自力で期限内に損傷なく再同期しました。

resync-column-outage = 停止時間（ms）
resync-column-resync = 再同期までの時間（ms）
resync-column-spooled = スプール（件）
resync-column-replayed = 再適用（件）

## cascade

cascade-title = 連鎖障害におけるモジュールの状態
cascade-caption = 開始 { $started } · { $outcomes } · 実行 { $run }
cascade-chain = 連鎖 { $chain }
cascade-unnumbered = 連鎖障害 { $n } 件：ここに番号を示す余地がありません
cascade-down = 停止
cascade-restarting = 再起動中
cascade-healthy = 正常
cascade-span = 連鎖障害（最後の復旧まで）
cascade-sink-outage = ハーネス側の通知受信の停止
cascade-alert-matched = 期限内の通知
cascade-alert-late = 遅延した通知
cascade-alert-duplicate = 重複した通知
cascade-alert-collateral = 付随する通知
cascade-alert-false = 誤報
cascade-untold = データなし：状態の情報がありません
cascade-no-lane = データなし：障害を受けた、または観測されたモジュールがありません

cascade-alt = 連鎖障害 { $chains } 件におけるモジュールとストア { $lanes } 個の状態の推移です。障害 { $faults } 件と通知 { $alerts } 件を示しています。
cascade-alt-longest = 最長の停止：{ $down }、最長の再起動：{ $restarting }。
cascade-alt-outages = ハーネス側の通知受信を { $n } 回停止しました。

cascade-column-from = 開始（s）
cascade-column-to = 終了（s）
cascade-column-whose = モジュールまたはストア
cascade-column-what = 出来事
cascade-what-fault = 障害 { $fault }（エピソード { $episode }）
cascade-what-alert = { $alert }：{ $kind }
cascade-left-out = ほか { $n } 件は省略しています
## 試行が復旧するまでの時間（recovery_ecdf）

ecdf-title = 経過時間ごとの復旧済み試行の割合
ecdf-caption = 判定された試行 { $trials } 件（単独の障害、または連鎖全体を 1 件とする。無効と中断は除く） · 実行 { $run }
ecdf-note = 網掛け：打ち切りを含む場合のカプラン・マイヤー推定の各点 95 % 信頼帯（log–log 尺度）、縦線：そこで打ち切られた試行
ecdf-nothing = データなし：判定された試行がありません
ecdf-x-log = 障害の影響の開始（t0）からの時間（対数目盛）
ecdf-y = 復旧した試行の割合
ecdf-median = 中央値
ecdf-p95 = p95
ecdf-line = { $scenario }：{ $figures }
ecdf-figures = { $trials } 件中 { $recovered } 件が復旧、中央値 { $median }{ $interval }、p95 { $p95 }
ecdf-interval = （95 %：{ $low }～{ $high }）
ecdf-interval-open = （95 %：{ $low } 以上）
ecdf-not-reached = 未到達
ecdf-no-trial = 判定された試行なし
ecdf-alt = 障害の影響の開始からの時間ごとに、復旧した試行の割合をシナリオ別の階段線で示します。{ $lines }。
ecdf-alt-nothing = データなし：判定された試行がありません。
ecdf-column-time = t0 からの時間 (ms)
ecdf-column-watched = 観測中の試行 (件)
ecdf-column-recovered = その時点の復旧 (件)
ecdf-column-censored = 次の行までの打ち切り (件)
ecdf-column-share = それまでの復旧 (%)
ecdf-column-low = 95 % 信頼帯の下限 (%)
ecdf-column-high = 95 % 信頼帯の上限 (%)

## 期待された通知の到着（alerts）

alert-delay-title = 期待された通知の遅延
alert-delay-caption = 期待された通知 { $n } 件 · 開始 { $started } · 実行 { $run }
alert-delay-nothing = データなし：期待された通知がありません
alert-delay-x = 開始からの秒数（障害の影響の開始 t0 の位置）
alert-delay-y = t0 から通知の到着まで
alert-delay-y-log = t0 から通知の到着まで（対数目盛）
alert-delay-counted = { $what }：{ $n }
alert-fate-in-time = 期限内
alert-fate-late = 遅延
alert-fate-missed = 通知漏れ
alert-fate-undecided = 未判定
alert-delay-deadline = 期限
alert-delay-sink-closed = 自前の通知受信口を閉じた時間
alert-delay-unexpected = 期待されていなかった通知（到着時刻）
alert-delay-alt = 障害の影響の開始から、期待された通知 { $n } 件が到着するまでの遅延を、実行の時間に沿って示します。期限内 { $in-time } 件（最短 { $shortest }、最長 { $longest }）、遅延 { $late } 件、通知漏れ { $missed } 件、未判定 { $undecided } 件。そのほか、期待されていなかった通知：重複 { $duplicates } 件、付随 { $collateral } 件、誤報 { $false-alarms } 件。
alert-delay-alt-closed = 自前の通知受信口を { $n } 回、合計 { $length } 閉じました。
alert-delay-alt-nothing = データなし：期待された通知がありません。
alert-delay-column-module = モジュール
alert-delay-column-kinds = 種類
alert-delay-column-severity = 最低の重大度
alert-delay-column-t0 = t0（開始からの秒数） (s)
alert-delay-column-fate = 結果
alert-delay-column-delay = t0 からの遅延 (ms)
alert-delay-column-deadline = t0 からの期限 (ms)

## エピソード中とそれ以外の要求の所要時間（latency）

latency-plot-title = エピソード中とそれ以外の利用者要求の所要時間
latency-plot-caption = 失敗を含むすべての要求。エピソード中：エピソードのいずれかの時点で処理中だった要求 · 実行 { $run }
latency-plot-nothing = データなし：利用者の要求が記録されていません
latency-plot-x = 要求の所要時間（対数目盛）
latency-plot-ratio = エピソード中 ÷ それ以外
latency-plot-inside = エピソード中
latency-plot-outside = エピソード以外
latency-plot-p50 = p50（中央値）
latency-plot-p90 = p90
latency-plot-p95 = p95
latency-plot-p99 = p99
latency-plot-max = 最長
latency-plot-group = { $group }：要求 { $requests } 件、うち失敗 { $failed } 件（{ $share }）
latency-plot-no-request = { $group }：要求なし
latency-plot-percentiles = { $group }：p50 { $p50 }、p90 { $p90 }、p95 { $p95 }、p99 { $p99 }、最長 { $max }
latency-plot-alt = 利用者の要求の所要時間の百分位数です。{ $inside }。{ $outside }。
latency-plot-alt-nothing = データなし：利用者の要求が記録されていません。
latency-plot-column-group = 区分
latency-plot-column-requests = 要求 (件)
latency-plot-column-failed = 失敗 (件)
latency-plot-column-ms = { $percentile } (ms)
