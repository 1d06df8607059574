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
compare-field-custom-kpis = プランファイルの KPI
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

## 比較されるもの

metric-recovery_time = 復旧時間
metric-detect = 段階：検知
metric-restart = 段階：再起動
metric-ready = 段階：準備完了
metric-restore = 段階：状態回復
metric-recover = 段階：復旧
metric-auto_recovery_rate = 自動復旧成功率
metric-state_resync_rate = State Resync 成功率
metric-missed_alerts = 通知漏れ
metric-alert_delay = 通知の遅れ
metric-goodput_lost = 失われたグッドプット
metric-restart_attempts = 復旧あたりの再起動
metric-failed_requests = 失敗したリクエスト

## 変化についての主張

change-improved = 改善
change-regressed = 悪化
change-unchanged = 変化なし
change-inconclusive = 判定不能

compare-points = { $n } ポイント
compare-headline-regressed = 悪化 { $regressed } 件、改善 { $improved } 件です。
compare-headline-improved = 改善 { $improved } 件、悪化はありません。
compare-headline-none = 異なると言える指標はありません。
compare-tally = 指標 { $metrics } 件、変化 { $questions } 件：改善 { $improved }、悪化 { $regressed }、変化なし { $unchanged }、判定不能 { $inconclusive }
compare-claim = { $side } の{ $metric }：{ $baseline } → { $value }（{ $scenario }）
compare-of-better = 大きいほど良い
compare-of-worse = 小さいほど良い
compare-weight-compared = 比較の対象
compare-weight-noted = 変化の原因かもしれない
compare-weight-meaningless = 比較を無意味にする

## ページ

compare-title = 実行の比較
compare-kicker = goose-recovery · 比較
compare-question = どの設定がより良く、それはどれほど確かか
compare-sweep-question = どの設定を採用すべきで、それはどれほど確かか
compare-line = 比較対象 { $sides } 件、実行 { $runs } 回、試行 { $trials } 件。基準：{ $baseline }
compare-heading-recommendation = 推奨
compare-heading-comparable = ほかに異なるもの
compare-heading-changes = 変化
compare-heading-distributions = 復旧時間
compare-heading-runs = 実行
compare-heading-method = 判定の方法
compare-heading-undecided = データでは判定できないこと
compare-heading-standings = すべての設定
compare-heading-policy = 恒久仕様
compare-policy-meaning = goose-recovery backend --policy { $file } がそのまま受け取る形式です。ファイルはこのページと同じ場所にあります。
compare-no-difference = ほかに異なるものはありません。
compare-caveats = 比較を弱めるもの
compare-field = 項目
compare-weight = 重み
compare-side = 対象
compare-n = 件数
compare-baseline = 基準
compare-value = 値
compare-metric = 指標
compare-change = 差
compare-ratio = 比
compare-effect = 効果量
compare-p = p（補正後）
compare-outcome = 判定
compare-setting = 設定
compare-trials = 試行
compare-runs = 実行
compare-recovered = 復旧
compare-recovery = 平均復旧時間
compare-restarts = 復旧あたりの再起動
compare-restarts-per-trial = 障害あたりの再起動
compare-requests-per-entry = エントリあたりのリクエスト
compare-lost = 障害あたりの失われたグッドプット
compare-is-chosen = 推奨
compare-is-planned = 計画どおり
compare-is-baseline = 基準
compare-paired = 同じ障害どうし
compare-unpaired = 全体どうし
compare-how = 比べ方
compare-sort = { $column }で並べ替え
compare-standings-meaning = 障害あたりの再起動とエントリあたりのリクエストは再試行の代償です。1 件の障害に対してバックエンドがモジュールを起動した回数と、1 件のエントリが受理されるまでにユーザーが送信した回数を示します。
compare-changes-meaning = 差は対象の値から基準の値を引いたもので、単独での 95 % 区間を添えています。補正で求められる区間全体が基準の ± { $noise }（率ではポイント）の外にあるときだけ、変化と判定します。
compare-method-unit = 平均はすべての値の平均であり、平均の平均ではありません。同じ実行の障害は機械と時刻を共有するため、再抽出の単位は実行です。シードと障害が両側で同じ場合は、障害どうしを比べます。
compare-method-intervals = 平均の区間は BCa ブートストラップ区間（再抽出 { $resamples } 回、シード { $seed }）で、幅は実行を 1 つずつ除いたものと Student の t によります。率の区間は Newcombe の区間で、件数は実行のデザイン効果で割り引いています。
compare-method-correction = { $questions } 件の問いに対する Holm の補正により、主張のどれかが誤りである確率は最大で { $error } です。
compare-method-rule = 推奨の規則：すべての KPI を満たす。次に平均復旧時間が最短で、それと区別できないものも残す。次に再起動が最少で、同様に残す。最後に最も単純なもの、すなわち計画どおりの設定、なければ再試行が最も少ない設定、なければ最初の設定。
compare-restricted = 打ち切りがあるため { $time } までの平均
compare-log-rank = ログランク χ² { $chi }、p { $p }
compare-cliffs_delta = Cliff の δ { $value }
compare-cohens_h = Cohen の h { $value }
compare-row-why = { $outcome }：{ $reason }
compare-forced = 強制：これらの実行は同じものを測っていません
compare-footer = goose-recovery が実行のサマリーから作成しました。このファイルはオフラインで動作し、隣の compare.json に同じ値が機械向けにあります。

page-figure-pareto = 復旧時間とその代償
page-figure-heat_map = 設定ごと・指標ごとの値
page-figure-forest = 基準に対する変化
page-figure-distributions = 復旧時間の分布
page-figure-strip = すべての試行
