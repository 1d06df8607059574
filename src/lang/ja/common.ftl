# 多くの場所で使う語句。

verbatim = { $text }
not-observed = 未観測
no-data = データなし

## names of things

term-abort-when = 早期終了の条件
term-canary = カナリア
term-chain = 連鎖
term-colon = ：
term-episode = エピソード
term-episode-number = #
term-fault = 障害
term-interval = 95 % 信頼区間
term-loss-rate = SessionLog 欠損率
term-outcome = 結果
term-pass-line = 合格ライン
term-run = 実行
term-scenario = シナリオ
term-seed = シード
term-since-fault = 障害の影響の開始（t0）からの時間
term-started = 開始
term-target = 対象
term-time-to-resync = 再同期までの時間
term-verdict = 判定
