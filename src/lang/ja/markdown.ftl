# report.md と CI の表示。

## 多くの表で使う語句

md-gap = { "" }
md-fact = 項目
md-value = 値
md-rows-left-out = このほか { $n } 件は表に含まれていません。すべての内容は次のファイルにあります：

## 冒頭

md-title = R-v0.2.1 Fault Recovery PoC 報告書
md-run-line = 実行 { $run }、開始 { $started }
md-missed = { $scenario }：{ $kpi } { $value }、合格ライン { $line }：{ $verdict }

## 目的

md-purpose = 目的
md-purpose-text = R-v0.2（Fault Recovery Manager）で導入された SelfHealingDaemon・StateResync・AlertDispatcher・recovery 系 API を対象に、連続負荷のもとで障害を注入し、「検知→再起動→状態復元→通知」のフローが実運用レベルで機能することを検証します。得られた数値は、恒久仕様（Retry 回数、通知ルール、State Resync 成功基準、監視設定）に反映します。

## 環境

md-environment = 環境
md-target-bundled = 同梱バックエンド { $url }（この実行が起動）
md-target-external = 外部で起動されたバックエンド { $url }
md-stores = ストア
md-versions = バージョン
md-machine = マシン
md-machine-is = { $os }、{ $cpus } プロセッサー、{ $build }
md-release-build = 最適化ビルド
md-debug-build = デバッグビルド
md-duration = 所要時間
md-ended = 終了状態
md-users = ユーザー数
md-think-time = 平均思考時間
md-canary-is = { $request }（{ $interval } ごと）
md-hold = 復旧と判定するまでの正常継続時間
md-deadline = 復旧期限
md-strict = 厳格判定（95 % 信頼限界が合格ラインを満たすこと）
md-sink-outage = 計測側の通知シンクを閉じる時間
md-labels = ラベル
md-command = この実行のコマンド：
md-command-unknown = この実行のコマンドはジャーナルに記録されていません。

## 結果

md-results = シナリオ別の結果
md-scenario-title = シナリオ{ $letter }：{ $name }
md-planned = 障害：{ $fault }、回数：{ $iterations }、復旧ごとの休止：{ $pause }。
md-planned-outage = ストアの停止時間は { $outage } です。
md-no-kpi = このシナリオは KPI を宣言していないため、何も判定されません。
md-kpi = KPI
md-counted = 分子と分母
md-kpis = KPI 一覧

md-episodes = エピソード
md-no-episode = 障害は注入されませんでした。
md-recovery = 復旧時間
md-lasted = 継続時間
md-alerts-in-time = 期限内の通知
md-failed-requests = 失敗したリクエスト
md-restart-of-stores = ストアの「再起動」は、ハーネスが起こし、終わらせる停止です。
md-unrecovered = エピソード { $id }（{ $outcome }）：{ $meaning }

md-members = 構成する障害と、それぞれの準備完了までの時間
md-member = #{ $id } { $fault } { $target }（{ $after }）：{ $ready }
md-overlap = 同時に停止
md-collateral = すでに停止中
md-dependency-exits = 依存先の不在による終了

md-outages = ストアの停止
md-spooled = スプール
md-replayed = 再生
md-newly-damaged = 新たな欠損・変化
md-resynced = 自力での完全復元

md-state = 状態と SessionLog
md-no-entry = エントリは書き込まれなかったため、失われるものはありません。
md-loss-is = { $rate }（読み戻した受理済み { $read } 件中、欠損 { $lost } 件）。95 % 信頼度（片側）で最大 { $bound }
md-entries = エントリ
md-entries-are = 受理済み { $acknowledged } 件：不変 { $stable } 件、変化 { $stale } 件、欠損 { $lost } 件、読み取り不能 { $unread } 件。応答のない送信 { $indeterminate } 件。スプールから受理：{ $spooled }
md-resyncs-automatic = 自動の再同期
md-resyncs-forced = 強制した再同期
md-resyncs-forced-are = 要求 { $asked } 件、成功 { $succeeded } 件、失敗 { $failed } 件、拒否 { $refused } 件、不明 { $unknown } 件

md-alerts-missed = 通知漏れ（遅延を含む）
md-alerts-duplicate = 重複
md-alerts-false = 誤報
md-alerts-recall = 再現率（期限内 ÷ 期待）
md-alerts-precision = 適合率（期限内 ÷ 期限内と誤報の合計）
md-alerts-delay = 障害の影響の開始からの遅れ
md-alerts-sink-closed = こちらの通知受信を閉じていた時間

## 合格基準

md-acceptance = 合格基準
md-progress = 進捗 { $progress } %、ステータス { $status }
md-criterion = 基準
md-result = 結果
md-reason = 理由
md-proof = 証跡

## 恒久仕様

md-specification = 恒久仕様案
md-spec-lead = 各値に、この実行で測定された根拠を添えます。測定されていないものは計画どおりとします（Retry 3 回、4 回目の失敗で通知）。
md-spec-part = 項目
md-spec-proposal = 提案
md-spec-in-force = この実行での設定
md-spec-measured = 実測
md-spec-attempts = 再起動 { $attempts } 回で復旧 { $n } 件

md-spec-retries = Retry 回数
md-spec-retries-proposal = 連続 { $n } 回まで再試行します。
md-spec-retries-measured = 障害を起こしたモジュールの自力での復旧：{ $attempts }。
md-spec-retries-survived = 復旧できた連続失敗の最大数：{ $n } 回。
md-spec-retries-margin = { $n } 回が必要であること、またはそれ以上の失敗にも足りることは示されていません。
md-spec-retries-not-measured = この実行では、観測された再起動によって復旧したモジュールがありません。計画どおりとします。
md-spec-retries-never-exhausted = 再試行を使い切った例はありませんでした。
md-spec-retries-exhausted = 再試行を使い切り、モジュールの復旧を断念した例が { $n } 件ありました。

md-spec-alert = 通知ルール
md-spec-alert-proposal = 失敗のたびに警告を送り、{ $n } 回目の試行が失敗した時点で重大通知を送ります。
md-spec-alert-measured = 期待された通知 { $of } 件中 { $n } 件が期限内に届きました。
md-spec-alert-delays = 障害の影響の開始からの遅れ：{ $delays }。
md-spec-alert-not-measured = この実行では通知が期待されませんでした。計画どおりとします。
md-spec-alert-critical = 連続失敗の重大通知 { $n } 件が期限内に届きました。最も遅いものは最初の失敗から { $longest } 後です。
md-spec-alert-not-reached = この実行では { $n } 回目の試行の失敗とその通知は観測されませんでした。この部分は計画どおりとします。

md-spec-resync = State Resync 成功基準
md-spec-resync-proposal = 障害の影響の開始から { $deadline } 以内に、自力で、スプールが空になり、すべてのセッションでキャッシュとデータベースが一致し、受理済みエントリの欠損も変化もないこと。
md-spec-resync-measured = 停止 { $of } 件中 { $n } 件がこの基準を満たしました。
md-spec-resync-took = 停止の終わりから再同期までの時間：最短 { $shortest }、中央値 { $middle }、最長 { $longest }。
md-spec-resync-not-measured = この実行ではストアの停止が判定されていません。計画どおりとします。

md-spec-monitoring = 監視設定
md-spec-monitoring-proposal = 現在の設定を維持します。
md-spec-monitoring-unknown = 計画どおりとします。対象は設定を公開していません。
md-spec-monitoring-noticed = 対象が障害に気づくまでの時間：最短 { $shortest }、中央値 { $middle }、最長 { $longest }。
md-spec-monitoring-false = 誤報：{ $n } 件。
md-spec-monitoring-not-measured = この実行では検知が観測されていません。計画どおりとします。

## 示されていないこと

md-not-shown = 示されていないこと
md-not-shown-trials = 少ない試行から得た率は多くを語りません。率に添えた区間が試行数から言えることのすべてであり、合格は長期的な保証ではありません。
md-not-shown-machine = 数値はこのマシン、この負荷、これらのバージョンのものであり、他の環境で成り立つとは限りません。
md-not-shown-faults = 注入した障害は上記のものだけです。ディスクの故障、ネットワークの分断、時計の飛びは対象外です。

## 図とファイル

md-figures = 図
md-files = ファイル
md-file-page = ページ形式の報告書（すべてのエピソードを含む）
md-file-summary = 判定内容のすべて（プログラム用）
md-file-evidence = 合格基準（プログラム用）
md-file-junit = テストケース（CI 用）

## CI の表示

ci-title = goose-recovery：{ $verdict }
ci-run = 実行 { $run }：{ $state }、シード { $seed }
ci-not-recovered = 復旧しなかったエピソード：
ci-no-failed-episode = { $n } 件のエピソードすべてが復旧しました。
ci-files = { $folder } のファイル：
ci-missed = { $kpi } { $value }（{ $counted }）、合格ライン { $line }
ci-caveats = この結果を弱めるもの：
ci-more-notes = 残り { $n } 件は index.html にあります
