-- Which master keys are in use: every start asks for one key of each, and must not read all to find them.
create index subject_keys_master_key on keys.subject_keys (master_key);
