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
