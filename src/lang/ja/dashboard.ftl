# The web page.

## the frame


## the run that goes on


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
