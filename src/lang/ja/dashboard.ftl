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


## what becomes of it


## the list of runs


