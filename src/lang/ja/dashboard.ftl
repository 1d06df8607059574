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
