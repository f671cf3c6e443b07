-- The trigram index keeps new rows in a list, and each search reads all of it. By default the list grows to 4 MB, which is several
-- milliseconds of every search; half a megabyte is a fraction of one, and loading many users still takes them in batches.
alter index if exists identity.users_text set (gin_pending_list_limit = 512);
