# The web page.

## サーバーが応じないもの

dashboard-refused = ダッシュボードはこの要求に応じられません
dashboard-refused-again = ここから開き直す
dashboard-refused-back = ダッシュボードへ
dashboard-refused-broken = ダッシュボード内部でエラーが発生しました。内容は起動した端末に表示されています。再度お試しのうえ、解消しない場合は報告してください。
dashboard-refused-force = それでも比較する
dashboard-refused-host = Host ヘッダーが別のホストを指しています。ダッシュボードの IP アドレスで開くか、起動時に --allow-host でホスト名を指定してください。
dashboard-refused-method = ダッシュボードは閲覧専用です。応じるのは GET と HEAD だけです。
dashboard-refused-no-host = 要求の Host ヘッダーがないか、複数あります。1 つだけ送ってください。
dashboard-refused-no-run = レポートのフォルダーにこの実行がないか、そのレポートにこのファイルがありません。
dashboard-refused-no-token = このダッシュボードにはトークンが必要です。ブラウザーでは、アドレスの末尾に ?token=トークン を付けて一度開いてください。プログラムからは Authorization: Bearer トークン のヘッダーを送ってください。トークンはダッシュボードを起動した人が知っています。
dashboard-refused-not-found = このアドレスには何もありません。
dashboard-refused-too-many = 閲覧者の数が上限に達しています。どれかを閉じるか、しばらくお待ちください。
dashboard-refused-unreadable = アドレスを読み取れません。パーセントエンコードした UTF-8 で指定してください。
dashboard-refused-wrong-token = このダッシュボードのトークンではありません。ブラウザーでは、アドレスの末尾に ?token=トークン を付けて一度開いてください。トークンはダッシュボードを起動した人が知っています。

## the frame

# ページの枠。
frame-skip = 進行中の実行へ移動
frame-live = ライブ
frame-runs = 実行一覧
frame-no-script = このページの表示には JavaScript が必要です。同じ数値は /api/runs と /api/live（イベントストリーム）でも得られます。終了した実行には報告書のファイルがあります。
frame-footer = goose-recovery が表示しています。ジャーナルと報告書のフォルダーを読み取るだけで、どちらも変更しません。図の描画：uPlot 1.6.32、© Leon Sorokin：
frame-licence = ライセンス（MIT）

# ページ：ライブ。
frame-connecting = ダッシュボードに接続しています…
frame-lost = ダッシュボードとの接続が切れたため、再接続を試みています。以下は切断前の状態です。
frame-no-run = 実行はまだありません
frame-followed = 追跡中のジャーナル：
frame-first-run = 別の端末で実行を開始してください。最初の行が書き込まれると、ここに表示されます：
frame-other-journal = 実行と同時にページを開くことも、別のジャーナルを追跡することもできます：
frame-command-run = 実行を開始するコマンド
frame-command-follow = 実行を表示するコマンド
frame-so-far = 現時点
frame-no-report = レポートのフォルダーにこの実行のレポートがありません。次のコマンドでジャーナルから作成できます：
frame-command-report = レポートを作成するコマンド
frame-report = 報告書を開く
frame-place = シナリオ { $k } / { $n }：{ $name }
frame-episode-of-scenario = エピソード { $episode }（このシナリオの { $n } 件中 { $k } 件目）
frame-episode-of = エピソード { $k } / { $n }
frame-episode-time = エピソード { $k }（このシナリオの { $end } 中 { $at } 経過）
frame-episode = エピソード { $k }
frame-progress = 進み具合
frame-elapsed = 経過時間
frame-labels = ラベル
frame-journal = ジャーナル
frame-unreadable-lines = （読み取れない行：{ $n }）
frame-recovery = 復旧の速さ
frame-worst = 最長
frame-flight = 進行中のエピソード
frame-last-episode = 直前のエピソード
frame-no-flight = まだありません。
frame-since-action = 注入の要求からの時間（影響は未確認）
frame-acts = 障害が作用中
frame-over = 障害は終了
frame-deadline-in = 期限まで { $length }
frame-deadline-passed = 期限切れ
frame-window-open = 未復旧
frame-lanes = モジュールとストアの状態の推移
frame-zone = 時刻は { $zone }
frame-per-second = { $n } /s
frame-newest = { $title }、{ $time } からの 1 秒間：{ $values }
frame-last-seconds = 直近の数秒間の利用者への影響（新しい順）
frame-closed = 終了したエピソード
frame-no-closed = まだありません。
frame-no-alert = 届いた通知も待機中の通知もまだありません。
frame-said-verdict = 現時点の判定：{ $verdict }。
frame-said-final = 判定：{ $verdict }。
frame-said-fault = エピソード { $episode } 開始：{ $fault }、{ $target }。
frame-said-outcome = エピソード { $episode }：{ $outcome }。

# ページ：実行一覧。
frame-again = 再読み込み
frame-loading = 報告書を調べています…
frame-not-loaded = 実行一覧を読み込めませんでした（{ $reason }）。再読み込みしてください。
frame-no-runs = 報告書はまだありません
frame-looked-through = 調べたフォルダー：
frame-report-of-run = 実行が終わるたびに、報告書がここに作られます。すでに終わった実行の報告書は goose-recovery report コマンドで作れます。
frame-by-setting = 設定別
frame-by-setting-meaning = 実行の間で異なる再起動ポリシーの項目です。設定を選ぶと、その実行だけを表示します。
frame-setting = 設定
frame-run-count = 実行回数
frame-trend = 平均復旧時間の推移（実行ごと）
frame-trend-alt = 実行 { $n } 回の平均復旧時間：最初 { $first }、最後 { $last }、最短 { $least }、最長 { $most }
frame-last-mean = 最後の平均
frame-every-run = すべての実行
frame-filter = 実行の絞り込み
frame-search = 検索
frame-search-in = 実行・ラベル・シナリオ・設定
frame-label = ラベル
frame-no-filter = すべて表示
frame-shown = { $all } 件中 { $n } 件を表示
frame-none-shown = 該当する実行がありません。「すべて表示」で絞り込みを解除できます。
frame-more = さらに { $n } 件を表示
frame-duration = 所要時間
frame-tick = { $run } を比較対象に選ぶ
frame-untick = 選択をすべて解除
frame-compare = 比較
frame-compare-hint = 実行を 2 件以上選んでください。最も古いものが基準になります。
frame-compare-runs = { $n } 件の実行を比較（基準：{ $run }）
frame-ticked-hidden = 選択済みだが絞り込みで非表示：{ $n } 件
frame-unreadable-reports = 読み取れない報告書：{ $n } 件

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

runs-one-policy = 同じ再起動ポリシー
runs-no-policy = 再起動ポリシーは不明
runs-newer = summary.json のスキーマバージョンは { $found } ですが、この goose-recovery が読めるのは { $supported } までです。goose-recovery を更新するか、`goose-recovery report` でジャーナルからサマリーを作り直してください
runs-no-summary = summary.json がサマリーとして読めません（{ $detail }）。`goose-recovery report` でジャーナルから作り直してください
runs-not-read = summary.json を読み取れません（{ $detail }）。goose-recovery に読み取りを許可するか、ファイルを削除してください
runs-folder-closed = このフォルダーの中を読み取れません（{ $detail }）。goose-recovery に読み取りを許可してください
runs-folder-is-report = このフォルダー自体が 1 件の実行のレポートです。--reports には 1 つ上のフォルダーを指定してください
runs-folder-is-cut = フォルダーが { $folders } 個を超えるため、最も深いものは調べていません。--reports にはより小さいフォルダーを指定してください
runs-compare-too-few = 比較には少なくとも 2 件の実行が必要です。もう 1 件選んでください
runs-compare-too-many = このページで比較できる実行は { $most } 件までです。数を減らすか、`goose-recovery compare` を使ってください
runs-compare-twice = 実行 { $run } が 2 回選ばれています。1 件の実行は 1 回だけ数えます。別の実行を選んでください
runs-compare-no-such = 実行 { $id } はありません。一覧から選んでください
runs-compare-differ = これらの実行は同じものを測定していません：{ $differences }
