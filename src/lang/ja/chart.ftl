# 図の中の語句。

## 試行が復旧するまでの時間（recovery_ecdf）

ecdf-title = 経過時間ごとの復旧済み試行の割合
ecdf-caption = 判定された試行 { $trials } 件（単独の障害、または連鎖全体を 1 件とする。無効と中断は除く） · 実行 { $run }
ecdf-note = 網掛け：打ち切りを含む場合のカプラン・マイヤー推定の各点 95 % 信頼帯（log–log 尺度）、縦線：そこで打ち切られた試行
ecdf-nothing = データなし：判定された試行がありません
ecdf-x = 障害の影響の開始（t0）からの時間
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
ecdf-column-scenario = シナリオ
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
alert-delay-column-episode = エピソード
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
