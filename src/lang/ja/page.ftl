# ページ index.html。
