SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE SCHEMA gatehouse;
CREATE SCHEMA identity;
CREATE SCHEMA notifications;
CREATE SCHEMA runtime;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE gatehouse.migrations (
    module text NOT NULL,
    version integer NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone NOT NULL
);
CREATE TABLE identity.code_quotas (
    tenant_id uuid NOT NULL,
    kind text NOT NULL,
    index_version smallint NOT NULL,
    blind_index bytea NOT NULL,
    window_ends_at timestamp with time zone NOT NULL,
    sends integer NOT NULL
);
CREATE TABLE identity.identifiers (
    tenant_id uuid NOT NULL,
    kind text NOT NULL,
    index_version smallint NOT NULL,
    blind_index bytea NOT NULL,
    user_id uuid NOT NULL
);
CREATE TABLE identity.password_resets (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    index_version smallint NOT NULL,
    blind_index bytea NOT NULL,
    identifier bytea NOT NULL,
    user_id uuid,
    code_hash bytea NOT NULL,
    code_expires_at timestamp with time zone NOT NULL,
    tries_left smallint NOT NULL,
    link_hash bytea NOT NULL,
    sends smallint NOT NULL,
    resend_at timestamp with time zone NOT NULL,
    completed_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL
);
CREATE TABLE identity.registrations (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    email_index_version smallint NOT NULL,
    email_index bytea NOT NULL,
    personal bytea NOT NULL,
    password_hash text,
    language text NOT NULL,
    code_hash bytea NOT NULL,
    code_expires_at timestamp with time zone NOT NULL,
    tries_left smallint NOT NULL,
    link_hash bytea NOT NULL,
    sends smallint NOT NULL,
    resend_at timestamp with time zone NOT NULL,
    completed_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL
);
CREATE TABLE identity.sessions (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    seed bytea NOT NULL,
    generation bigint NOT NULL,
    rotated_at timestamp with time zone NOT NULL,
    method text NOT NULL,
    device text NOT NULL,
    network text NOT NULL,
    authenticated_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone NOT NULL,
    idle_ends_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    end_reason text
)
WITH (fillfactor='70');
CREATE TABLE identity.sign_in_failures (
    tenant_id uuid NOT NULL,
    subject bytea NOT NULL,
    lane uuid NOT NULL,
    account bytea NOT NULL,
    failures integer NOT NULL,
    blocked_until timestamp with time zone NOT NULL,
    failed_at timestamp with time zone NOT NULL
)
WITH (fillfactor='70');
CREATE TABLE identity.users (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    version bigint NOT NULL,
    name text NOT NULL,
    username text,
    username_key text,
    email bytea,
    email_verified_at timestamp with time zone,
    password_hash text,
    language text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    password_changed_at timestamp with time zone,
    profile bytea
);
CREATE TABLE notifications.inbox_messages (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    channel text NOT NULL,
    recipient text NOT NULL,
    subject text NOT NULL,
    text text NOT NULL,
    html text NOT NULL,
    sent_at timestamp with time zone NOT NULL
);
CREATE TABLE notifications.sent_messages (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    event_key uuid NOT NULL,
    address_index bytea,
    reports text[] DEFAULT '{}'::text[] NOT NULL,
    sent_at timestamp with time zone NOT NULL
);
CREATE TABLE notifications.suppressions (
    tenant_id uuid NOT NULL,
    address_index bytea NOT NULL,
    reason text NOT NULL,
    notification_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone
);
CREATE SEQUENCE runtime.audit_order
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE runtime.audit (
    id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    epoch integer NOT NULL,
    xid bigint DEFAULT GREATEST(((pg_current_xact_id())::text)::bigint, (((pg_snapshot_xmax(pg_current_snapshot()))::text)::bigint - 1)) NOT NULL,
    seq bigint DEFAULT nextval('runtime.audit_order'::regclass) NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    action text NOT NULL,
    actor_kind text NOT NULL,
    actor uuid,
    subject uuid,
    session uuid,
    result text NOT NULL,
    reason text,
    network text,
    device text,
    facts text NOT NULL
)
PARTITION BY RANGE (id);
CREATE TABLE runtime.audit_20261101 (
    id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    epoch integer NOT NULL,
    xid bigint DEFAULT GREATEST(((pg_current_xact_id())::text)::bigint, (((pg_snapshot_xmax(pg_current_snapshot()))::text)::bigint - 1)) NOT NULL,
    seq bigint DEFAULT nextval('runtime.audit_order'::regclass) NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    action text NOT NULL,
    actor_kind text NOT NULL,
    actor uuid,
    subject uuid,
    session uuid,
    result text NOT NULL,
    reason text,
    network text,
    device text,
    facts text NOT NULL
);
CREATE TABLE runtime.audit_batches (
    number bigint NOT NULL,
    first_epoch integer NOT NULL,
    first_xid bigint NOT NULL,
    first_seq bigint NOT NULL,
    last_epoch integer NOT NULL,
    last_xid bigint NOT NULL,
    last_seq bigint NOT NULL,
    records integer NOT NULL,
    newest_at timestamp with time zone NOT NULL,
    digests bytea NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    sealed_at timestamp with time zone NOT NULL,
    signature bytea NOT NULL,
    trimmed_at timestamp with time zone,
    trim_signature bytea
);
CREATE SEQUENCE runtime.event_order
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE runtime.events (
    id uuid NOT NULL,
    lane smallint NOT NULL,
    epoch integer NOT NULL,
    xid bigint DEFAULT GREATEST(((pg_current_xact_id())::text)::bigint, (((pg_snapshot_xmax(pg_current_snapshot()))::text)::bigint - 1)) NOT NULL,
    seq bigint DEFAULT nextval('runtime.event_order'::regclass) NOT NULL,
    tenant_id uuid NOT NULL,
    key uuid NOT NULL,
    subject_version bigint,
    type text NOT NULL,
    topic text NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    trace_parent text,
    data text NOT NULL
)
PARTITION BY RANGE (id);
CREATE TABLE runtime.events_20261126 (
    id uuid NOT NULL,
    lane smallint NOT NULL,
    epoch integer NOT NULL,
    xid bigint DEFAULT GREATEST(((pg_current_xact_id())::text)::bigint, (((pg_snapshot_xmax(pg_current_snapshot()))::text)::bigint - 1)) NOT NULL,
    seq bigint DEFAULT nextval('runtime.event_order'::regclass) NOT NULL,
    tenant_id uuid NOT NULL,
    key uuid NOT NULL,
    subject_version bigint,
    type text NOT NULL,
    topic text NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    trace_parent text,
    data text NOT NULL
);
CREATE TABLE runtime.events_20261127 (
    id uuid NOT NULL,
    lane smallint NOT NULL,
    epoch integer NOT NULL,
    xid bigint DEFAULT GREATEST(((pg_current_xact_id())::text)::bigint, (((pg_snapshot_xmax(pg_current_snapshot()))::text)::bigint - 1)) NOT NULL,
    seq bigint DEFAULT nextval('runtime.event_order'::regclass) NOT NULL,
    tenant_id uuid NOT NULL,
    key uuid NOT NULL,
    subject_version bigint,
    type text NOT NULL,
    topic text NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    trace_parent text,
    data text NOT NULL
);
CREATE TABLE runtime.events_20261128 (
    id uuid NOT NULL,
    lane smallint NOT NULL,
    epoch integer NOT NULL,
    xid bigint DEFAULT GREATEST(((pg_current_xact_id())::text)::bigint, (((pg_snapshot_xmax(pg_current_snapshot()))::text)::bigint - 1)) NOT NULL,
    seq bigint DEFAULT nextval('runtime.event_order'::regclass) NOT NULL,
    tenant_id uuid NOT NULL,
    key uuid NOT NULL,
    subject_version bigint,
    type text NOT NULL,
    topic text NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    trace_parent text,
    data text NOT NULL
);
CREATE TABLE runtime.events_20261129 (
    id uuid NOT NULL,
    lane smallint NOT NULL,
    epoch integer NOT NULL,
    xid bigint DEFAULT GREATEST(((pg_current_xact_id())::text)::bigint, (((pg_snapshot_xmax(pg_current_snapshot()))::text)::bigint - 1)) NOT NULL,
    seq bigint DEFAULT nextval('runtime.event_order'::regclass) NOT NULL,
    tenant_id uuid NOT NULL,
    key uuid NOT NULL,
    subject_version bigint,
    type text NOT NULL,
    topic text NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    trace_parent text,
    data text NOT NULL
);
CREATE TABLE runtime.events_20261130 (
    id uuid NOT NULL,
    lane smallint NOT NULL,
    epoch integer NOT NULL,
    xid bigint DEFAULT GREATEST(((pg_current_xact_id())::text)::bigint, (((pg_snapshot_xmax(pg_current_snapshot()))::text)::bigint - 1)) NOT NULL,
    seq bigint DEFAULT nextval('runtime.event_order'::regclass) NOT NULL,
    tenant_id uuid NOT NULL,
    key uuid NOT NULL,
    subject_version bigint,
    type text NOT NULL,
    topic text NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    trace_parent text,
    data text NOT NULL
);
CREATE TABLE runtime.idempotency_keys (
    tenant_id uuid NOT NULL,
    caller text NOT NULL,
    route text NOT NULL,
    key_hash bytea NOT NULL,
    fingerprint bytea NOT NULL,
    token uuid NOT NULL,
    answer bytea,
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE runtime.inbox (
    event_id uuid NOT NULL,
    subscriber text NOT NULL,
    outcome text NOT NULL
)
PARTITION BY RANGE (event_id);
CREATE TABLE runtime.inbox_20261126 (
    event_id uuid NOT NULL,
    subscriber text NOT NULL,
    outcome text NOT NULL
);
CREATE TABLE runtime.inbox_20261127 (
    event_id uuid NOT NULL,
    subscriber text NOT NULL,
    outcome text NOT NULL
);
CREATE TABLE runtime.inbox_20261128 (
    event_id uuid NOT NULL,
    subscriber text NOT NULL,
    outcome text NOT NULL
);
CREATE TABLE runtime.inbox_20261129 (
    event_id uuid NOT NULL,
    subscriber text NOT NULL,
    outcome text NOT NULL
);
CREATE TABLE runtime.inbox_20261130 (
    event_id uuid NOT NULL,
    subscriber text NOT NULL,
    outcome text NOT NULL
);
CREATE TABLE runtime.jobs (
    id uuid NOT NULL,
    kind text NOT NULL,
    payload text NOT NULL,
    state text DEFAULT 'ready'::text NOT NULL,
    run_at timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    leased_by uuid,
    leased_until timestamp with time zone,
    reason text,
    trace_parent text,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT jobs_state_known CHECK ((state = ANY (ARRAY['ready'::text, 'dead'::text])))
);
CREATE TABLE runtime.lanes (
    lane smallint NOT NULL,
    owner uuid,
    leased_until timestamp with time zone,
    epoch integer DEFAULT 0 NOT NULL,
    xid bigint DEFAULT 0 NOT NULL,
    seq bigint DEFAULT 0 NOT NULL
);
CREATE TABLE runtime.log_epochs (
    epoch integer NOT NULL,
    started_at timestamp with time zone NOT NULL
);
CREATE TABLE runtime.nodes (
    id uuid NOT NULL,
    seen_at timestamp with time zone NOT NULL
);
CREATE TABLE runtime.parked (
    subscriber text NOT NULL,
    event_id uuid NOT NULL,
    key uuid NOT NULL,
    "position" bigint NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL,
    next_attempt_at timestamp with time zone NOT NULL,
    parked_at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    envelope text NOT NULL,
    CONSTRAINT parked_state_known CHECK ((state = ANY (ARRAY['retrying'::text, 'waiting'::text, 'dead'::text])))
);
ALTER TABLE runtime.parked ALTER COLUMN "position" ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME runtime.parked_position_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE runtime.schedules (
    name text NOT NULL,
    next_run_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY runtime.audit ATTACH PARTITION runtime.audit_20261101 FOR VALUES FROM ('01a19467-e800-0000-0000-000000000000') TO ('01a22ee6-b000-0000-0000-000000000000');
ALTER TABLE ONLY runtime.events ATTACH PARTITION runtime.events_20261126 FOR VALUES FROM ('01a21526-e400-0000-0000-000000000000') TO ('01a21a4d-4000-0000-0000-000000000000');
ALTER TABLE ONLY runtime.events ATTACH PARTITION runtime.events_20261127 FOR VALUES FROM ('01a21a4d-4000-0000-0000-000000000000') TO ('01a21f73-9c00-0000-0000-000000000000');
ALTER TABLE ONLY runtime.events ATTACH PARTITION runtime.events_20261128 FOR VALUES FROM ('01a21f73-9c00-0000-0000-000000000000') TO ('01a22499-f800-0000-0000-000000000000');
ALTER TABLE ONLY runtime.events ATTACH PARTITION runtime.events_20261129 FOR VALUES FROM ('01a22499-f800-0000-0000-000000000000') TO ('01a229c0-5400-0000-0000-000000000000');
ALTER TABLE ONLY runtime.events ATTACH PARTITION runtime.events_20261130 FOR VALUES FROM ('01a229c0-5400-0000-0000-000000000000') TO ('01a22ee6-b000-0000-0000-000000000000');
ALTER TABLE ONLY runtime.inbox ATTACH PARTITION runtime.inbox_20261126 FOR VALUES FROM ('01a21526-e400-0000-0000-000000000000') TO ('01a21a4d-4000-0000-0000-000000000000');
ALTER TABLE ONLY runtime.inbox ATTACH PARTITION runtime.inbox_20261127 FOR VALUES FROM ('01a21a4d-4000-0000-0000-000000000000') TO ('01a21f73-9c00-0000-0000-000000000000');
ALTER TABLE ONLY runtime.inbox ATTACH PARTITION runtime.inbox_20261128 FOR VALUES FROM ('01a21f73-9c00-0000-0000-000000000000') TO ('01a22499-f800-0000-0000-000000000000');
ALTER TABLE ONLY runtime.inbox ATTACH PARTITION runtime.inbox_20261129 FOR VALUES FROM ('01a22499-f800-0000-0000-000000000000') TO ('01a229c0-5400-0000-0000-000000000000');
ALTER TABLE ONLY runtime.inbox ATTACH PARTITION runtime.inbox_20261130 FOR VALUES FROM ('01a229c0-5400-0000-0000-000000000000') TO ('01a22ee6-b000-0000-0000-000000000000');
INSERT INTO gatehouse.migrations VALUES
	('runtime', 1, 'V001__runtime', 'b2bd3deb960d9ed3d3e2aabf677f8d5b053e911a734abb6563ccb4492cd1ee9a', '2026-11-27 12:41:57.422735+00'),
	('runtime', 2, 'V002__audit', 'f60045ffe629e9ee0a5220c92f4fdd3136b3c1bca477edcd3654ead00d906e58', '2026-11-27 12:41:57.554784+00'),
	('identity', 1, 'V001__accounts', '56540c5e5061e1071c7c3bc000bccff9b73611949eae209013384d1693458a24', '2026-11-27 12:41:57.626713+00'),
	('identity', 2, 'V002__sessions', '6c122055361aa2ad58af5fd1b4e42c0faa27d6370c49afc77784f1d865b43a68', '2026-11-27 12:41:57.703144+00'),
	('identity', 3, 'V003__password_resets', '9baa854ac05bbebf454ced0aa338157a8ba528488dbb50e716818e5a162449d0', '2026-11-27 12:41:57.713974+00'),
	('identity', 4, 'V004__profile', 'db83489ec755b55e10695eaa0c191879a42f571182e1d40b1fe0c75cd1405e25', '2026-11-27 12:41:57.717632+00'),
	('notifications', 1, 'V001__inbox', '97af9f4a32bd9a81361c51e874d1e6f8d90fcfafc5437bb7e80687f8fecd2c11', '2026-11-27 12:41:57.75953+00'),
	('notifications', 2, 'V002__suppressions', '007ada92d1de4b488eaac4c7003a9e62a2c65850a3f9cf81957c8a8f5b3e35aa', '2026-11-27 12:41:57.796181+00');
INSERT INTO identity.code_quotas VALUES
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\xb5af6f6532eefd93f6341cbfbc8e75eb9229ed3f3cac1e8379c26e1c966de6f3', '2026-11-28 12:42:03.07733+00', 1),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\xab31e07ebdcaf73b0ab4b3251e260bf8cc03a1318949db8d6631192701bf5309', '2026-11-28 12:42:07.641292+00', 1),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\x5a61bd7974a944222c2432f3c571ae523522b4846daddf7a1d8416544c6036ef', '2026-11-28 12:43:07.298956+00', 2),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\xe69a204f242b2d8d77d413c18c0f6777dbb6f78fb143a056b378e1a93be0e327', '2026-11-28 12:44:07.569583+00', 1),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\x40e5a8fa4b11158f9c27061e333a417c097fc094b94b4e67e26f8bc31cd3d416', '2026-11-28 12:44:07.849801+00', 1),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\x7efe33c2125cc809b8af491f96875571fe754e0bee25c9a46ec452deb8fccd73', '2026-11-28 12:44:08.146493+00', 1),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\x1306b35476ad3254f2cc8a7e7455cd5a981bc6662e2ac2878653d94b3de7d5eb', '2026-11-28 12:42:07.4045+00', 2),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\x35c87a72c7da11cb198de34f14f1d9f7530cc4eaa68a614156eec44e0ceb329f', '2026-11-28 12:44:08.467108+00', 1),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\x54e9affa5b49e1bac2fcd5f45ee9abb96fbf42acbfa91777d0e87621297a9787', '2026-11-28 12:44:08.951517+00', 1),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\xb9c5a2216e30edf3cdd46910ea86800c729cd184e0b4007a7e8fa31a1307d075', '2026-11-28 12:44:09.184015+00', 1),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\xd20507cf6bdad2c5e7d4f5cf91d7e5b07b945a704e89f79b6328bfbc901f4e06', '2026-11-28 12:42:07.990068+00', 2);
INSERT INTO identity.identifiers VALUES
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\xb5af6f6532eefd93f6341cbfbc8e75eb9229ed3f3cac1e8379c26e1c966de6f3', '01a21d06-f30f-7f06-a678-af0d0df63ca0'),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\x1306b35476ad3254f2cc8a7e7455cd5a981bc6662e2ac2878653d94b3de7d5eb', '01a21d06-ff3d-79e8-ba08-ba0a14055ad1'),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\xab31e07ebdcaf73b0ab4b3251e260bf8cc03a1318949db8d6631192701bf5309', '01a21d07-001b-728c-a1ab-a0f544303dde'),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\xd20507cf6bdad2c5e7d4f5cf91d7e5b07b945a704e89f79b6328bfbc901f4e06', '01a21d07-01bd-7ed5-a4a3-70051a619896'),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\x35c87a72c7da11cb198de34f14f1d9f7530cc4eaa68a614156eec44e0ceb329f', '01a21d07-dbfd-7876-9fbd-dbd8daca77f4');
INSERT INTO identity.password_resets VALUES
	('00000000-0001-7000-8000-000000000001', '01a21d08-d66d-7f18-b14c-12c4d433da39', 'email', 1, '\x1306b35476ad3254f2cc8a7e7455cd5a981bc6662e2ac2878653d94b3de7d5eb', '\x01ab439c6065077fb2b1c6f6bb62597dbffe64ef8eef8a2bff421b62def529c7a02765f25146a29c49890754', '01a21d06-ff3d-79e8-ba08-ba0a14055ad1', '\x1119e5ceee5045fb884203a24d80b89732107443ea8f6718276d132460fc2e4f', '2026-11-27 12:54:08.227195+00', 2, '\x4c3d4e33305dcde0f086bc398c45ffc2fccb083ad0cb5d3e426ffabdd717803d', 1, '2026-11-27 12:45:08.173897+00', NULL, '2026-11-27 12:44:08.173897+00', '2026-11-27 13:14:08.227195+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d08-d793-729f-ac9b-acc7685480d9', 'email', 1, '\x35c87a72c7da11cb198de34f14f1d9f7530cc4eaa68a614156eec44e0ceb329f', '\x017abe872268c394f6ffde3a06891d1e304570818872b18cd0fbd3ccebfc33fdca46a401853bee719ef774a2168c', '01a21d07-dbfd-7876-9fbd-dbd8daca77f4', '\xb64e115db3f15016f6476cf696c8cedce6c70f37f771ca612c91bd4b66380f50', '2026-11-27 12:54:08.476411+00', 3, '\x93c1b0ffff28f6b8cff735fbd1b1f6b58020e35f7a96008e74663cc2e10a3302', 1, '2026-11-27 12:45:08.467108+00', NULL, '2026-11-27 12:44:08.467108+00', '2026-11-27 13:14:08.476411+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d08-db84-7e4c-996a-1f390a16418d', 'email', 1, '\xd20507cf6bdad2c5e7d4f5cf91d7e5b07b945a704e89f79b6328bfbc901f4e06', '\x01b9d6284259a526495b6a91e61bbf20408976f10b197da903704250c41c686368058fdd733b7383f99f926931', NULL, '\x65cffc3e8676070d39bc862c3e11650ee4e9cc0835e38a657e906a1d08e1aeec', '2026-11-27 12:54:09.476911+00', 3, '\xcb9702410dd76160ab830df48531b0e8ce4a2df230cdf8de3e24233a6fccb5a2', 1, '2026-11-27 12:45:09.476911+00', NULL, '2026-11-27 12:44:09.476911+00', '2026-11-27 13:14:09.476911+00');
INSERT INTO identity.registrations VALUES
	('00000000-0001-7000-8000-000000000001', '01a21d06-edc5-7ff0-8aed-d5cfa0763eb7', 1, '\xb5af6f6532eefd93f6341cbfbc8e75eb9229ed3f3cac1e8379c26e1c966de6f3', '\x', NULL, 'en', '\xc176381ac26c9b0998544c57b046f204a4039b972ed8ab10c13f893e19804ddb', '2026-11-27 12:52:03.07733+00', 5, '\xb8640074123834c3f488a4d20a3cb355b8e49d0d90021ece044f6c73133c5147', 1, '2026-11-27 12:43:03.07733+00', '2026-11-27 12:42:04.431047+00', '2026-11-27 12:42:03.07733+00', '2026-11-28 12:42:03.07733+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d06-feac-7c95-a2b6-afb376acf546', 1, '\x1306b35476ad3254f2cc8a7e7455cd5a981bc6662e2ac2878653d94b3de7d5eb', '\x', NULL, 'en', '\x1a9a674a240db857ade786d57bed8099fe0ad865fa1c2eb2d3618879b6e884af', '2026-11-27 12:52:07.4045+00', 5, '\x6bf4167113452fc2a64497a5d8b6d90638b0074b91d9b4ad6b1bc619ee61db4c', 1, '2026-11-27 12:43:07.4045+00', '2026-11-27 12:42:07.549158+00', '2026-11-27 12:42:07.4045+00', '2026-11-28 12:42:07.4045+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d06-ff99-71bd-82da-c53e44b65c2c', 1, '\xab31e07ebdcaf73b0ab4b3251e260bf8cc03a1318949db8d6631192701bf5309', '\x', NULL, 'en', '\x58052f7078bafa2f06f2a8a41ce612bbfb69421ae33ffded36705f1b73a1877b', '2026-11-27 12:52:07.641292+00', 5, '\xb28011fb95b9c6094d1d48c8313f8cb66abab647aca89730ce348290a224fe39', 1, '2026-11-27 12:43:07.641292+00', '2026-11-27 12:42:07.771582+00', '2026-11-27 12:42:07.641292+00', '2026-11-28 12:42:07.641292+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d07-00f6-70b3-92d5-8736b8289f01', 1, '\xd20507cf6bdad2c5e7d4f5cf91d7e5b07b945a704e89f79b6328bfbc901f4e06', '\x', NULL, 'en', '\x112018427b347db2a9b62fd479617d2cd6240476a927a5e2418f6c452bd27e63', '2026-11-27 12:52:07.990068+00', 5, '\x2aae49f4e87adc5c74145b6cd0d42e9b5d6d9b26ece15858d4db4707ffb10068', 1, '2026-11-27 12:43:07.990068+00', '2026-11-27 12:42:08.189271+00', '2026-11-27 12:42:07.990068+00', '2026-11-28 12:42:07.990068+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d07-e8a2-70fd-adac-fce6ee5b9aa3', 1, '\x5a61bd7974a944222c2432f3c571ae523522b4846daddf7a1d8416544c6036ef', '\x01df3ff524143574feb3b00b9e143ee72d4eb84fbea86213a504e912c4e0d3a531f1efa859ff5b6c224f18833a04014c1bdc2d3b0d534790da1f3bf43e524a5055bb33c15c464ada24bbeddd558d356c7a6b48b109c59d', '$argon2id$v=19$m=32768,t=3,p=1$3cd4dtB5hv6WI1vMLgoQJw$sf6K2q+tD8ne23/cOWstVR61EQ6LpZh267tOzvFGEgE', 'en', '\x5e5556807b17682b42374ad64f58e1b261d08a5a5e86041388e6723183a05d9a', '2026-11-27 12:54:07.361266+00', 5, '\xfa3b9128ec2e332f3903b8541278f2df956e1426b35903ae9cd7218406009f1b', 2, '2026-11-27 12:46:07.361266+00', NULL, '2026-11-27 12:43:07.298956+00', '2026-11-28 12:43:07.298956+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d08-d411-7b88-a0fa-3db24eee3780', 1, '\xe69a204f242b2d8d77d413c18c0f6777dbb6f78fb143a056b378e1a93be0e327', '\x017fbc3aedce8c8b7791839448f9fd5e98ab700fe6c67a234d0f2e5de52ccea5149ad79bfef41f8a62ec1bb01ea1c87b4eb21cbe661965dab253bac5076c9d479de0ce7bd8224a0b8c75dbd9f1b6bd65705576f12b738943b3', '$argon2id$v=19$m=32768,t=3,p=1$mls09/e94X+XHYna2vYCIA$mWo5yfKW3yKRnJ3l5xnxrCW2HC7WU+wZ5O1qqomi/Pk', 'en', '\x4a7a0abc2af35249742847ff7ff966f4589cd62e63d6ab8998375695f0372cec', '2026-11-27 12:54:07.569583+00', 4, '\xfb91f2bc3a29957e1887767a595e106c1080e8033174ced36bf665d6139efe55', 1, '2026-11-27 12:45:07.569583+00', NULL, '2026-11-27 12:44:07.569583+00', '2026-11-28 12:44:07.569583+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d08-d529-76f7-9224-91568f67f3bf', 1, '\x40e5a8fa4b11158f9c27061e333a417c097fc094b94b4e67e26f8bc31cd3d416', '\x01fbfa1d378cbf73a7f9801c0401129a7a068de26f08c4512200195e80c0f222713165e0b1ca4a9f0133e4473b0930e2c0557f5d3f0cf9dcec21a5aa3b04c55188891d59b4feeb4a6a8e4e1da6ec4dc641200588be9f849b25', '$argon2id$v=19$m=32768,t=3,p=1$eazqigq4CJ3UhsaK7b0F2Q$kymMTPkrKLF+HaV9H0IWq2bYYg/GqEihUT2ZOM5LJI8', 'en', '\xb11b61f43b54fd5a76091b92d2f35fff2b9420b7e2c8c8ca444e3fc059ec2e29', '2026-11-27 12:54:07.849801+00', 5, '\xe33ca18f0463e9a5dc355e906f36cf8b00dbb5c7e959c98a6078a47682cecd08', 1, '2026-11-27 12:45:07.849801+00', NULL, '2026-11-27 12:44:07.849801+00', '2026-11-28 12:44:07.849801+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d08-d652-7a83-8111-9c66fe96c4df', 1, '\x7efe33c2125cc809b8af491f96875571fe754e0bee25c9a46ec452deb8fccd73', '\x014bc3423f9709d3cc767de47442eef57dce43731f221501f83ee31c58403a2519e91a68868ca385c78cfe314e57379a63c9698b32c18a8706a7761e2352350980eef1bbe430b58569b9d7abd1b5ed16cc1b221944e08d', '$argon2id$v=19$m=32768,t=3,p=1$T/E/I9ozVbC/KSJCaSN5sA$4fmL5EEnTKoQzDVn8R2NL+c48HuWkC/kUUOkEHqOt7Y', 'en', '\xf0500b8134e8c95c726b6c0420fdf1199eaa1597c7aa7489f44f2a9155583b77', '2026-11-27 12:54:08.146493+00', 5, '\x2ab62f432c5fad982fa561e3c408be08fac5b37d997a6c10c78b66b33a62a7f5', 1, '2026-11-27 12:45:08.146493+00', NULL, '2026-11-27 12:44:08.146493+00', '2026-11-28 12:44:08.146493+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d08-d977-749e-8d0c-a908c1431a73', 1, '\x54e9affa5b49e1bac2fcd5f45ee9abb96fbf42acbfa91777d0e87621297a9787', '\x011913538f37536aa332d3f98f455e705386230b5342bf7d1f10bc7949191300eb40ddda7771c9d35de4181973865c1382e972b69cd8feeaeaf6b9182859e9659d0a5b180d34bfc6f5130837459db9c501cd10e6cf', '$argon2id$v=19$m=32768,t=3,p=1$iV8O095c8+ekyXHUf8/03w$a+5YX6Nuzjye/L3LX6WVK0gS14UIXMo5OF+xRD7SGCM', 'en', '\x5d71385c1d7a4af469dd1591248b95c9bf957d33f0e43628f4fc657ae788cca5', '2026-11-27 12:54:08.951517+00', 5, '\xd4f4fec954236e01aecae99d8e1cf83d437d46162b1d3979ebf3e4196cfe45ec', 1, '2026-11-27 12:45:08.951517+00', NULL, '2026-11-27 12:44:08.951517+00', '2026-11-28 12:44:08.951517+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d08-da60-7f31-8339-9acf31ca2fd7', 1, '\xb9c5a2216e30edf3cdd46910ea86800c729cd184e0b4007a7e8fa31a1307d075', '\x01c3c9284ceaee16a1b4d4f73687283c446027e536016b6d1c1b97fc9debb958a454add344b9be006230daa665c0a4f9a729f5f7de995a54a29a60c6aeaf483e6d5f4aacd4df5ac777b390883badc313ac6e0a98fab71b', '$argon2id$v=19$m=32768,t=3,p=1$8exLvqGhtPJ/A7dm9/juzg$c6JpNIMEtRgjbKnc1PBRZfd3QEOKvOuS1h/Z90w8JxQ', 'en', '\x2e198db5aecb7f8013eb26cb1fdb8ced8fc7152853833ce6b454d28c408ec90b', '2026-11-27 12:54:09.184015+00', 5, '\xc1c20cde6537ac1d60882e2bae50154d270c9cc5d0060445c1f6695e03681723', 1, '2026-11-27 12:45:09.184015+00', NULL, '2026-11-27 12:44:09.184015+00', '2026-11-28 12:44:09.184015+00');
INSERT INTO identity.sessions VALUES
	('00000000-0001-7000-8000-000000000001', '01a21d06-f30f-7a9d-8a32-15ad525d744a', '01a21d06-f30f-7f06-a678-af0d0df63ca0', '\xefab054b864a731ae22cd55d0e527829734d5706ab24cb07757b27374907ab6d', 1, '2026-11-27 12:42:04.442455+00', 'registration', '', '127.0.0.0/24', '2026-11-27 12:42:04.431047+00', '2026-11-27 12:42:04.431047+00', '2026-11-27 12:42:04.431047+00', '2026-12-11 12:42:04.431047+00', '2026-12-27 12:42:04.431047+00', NULL, NULL),
	('00000000-0001-7000-8000-000000000001', '01a21d06-f974-7823-aca5-602febd7280e', '01a21d06-f30f-7f06-a678-af0d0df63ca0', '\x89f0ee45be46e68601b823a6544019d260e04b0a218d5e46ecc0e88008f511a5', 2, '2026-11-27 12:42:06.300872+00', 'password', '', '127.0.0.0/24', '2026-11-27 12:42:06.068404+00', '2026-11-27 12:42:06.068404+00', '2026-11-27 12:42:06.259328+00', '2026-12-11 12:42:06.259328+00', '2026-12-27 12:42:06.068404+00', NULL, NULL),
	('00000000-0001-7000-8000-000000000001', '01a21d06-fbc6-7b38-8565-b9203329ee09', '01a21d06-f30f-7f06-a678-af0d0df63ca0', '\x32c7d707d38952d22e2ed5a9b674b25a21c983a68327aa3e2feb0911f2980a9a', 1, '2026-11-27 12:42:06.66732+00', 'password', '', '127.0.0.0/24', '2026-11-27 12:42:06.662787+00', '2026-11-27 12:42:06.662787+00', '2026-11-27 12:42:06.662787+00', '2026-12-11 12:42:06.662787+00', '2026-12-27 12:42:06.662787+00', '2026-11-27 12:42:06.740633+00', 'signed-out'),
	('00000000-0001-7000-8000-000000000001', '01a21d06-fdc8-797b-af25-40eefbf45324', '01a21d06-f30f-7f06-a678-af0d0df63ca0', '\x290c110e9808789226222eead85697e52eb6c83c97ef78b1a3cb55f6ff183743', 1, '2026-11-27 12:42:07.177019+00', 'password', '', '127.0.0.0/24', '2026-11-27 12:42:07.176698+00', '2026-11-27 12:42:07.176698+00', '2026-11-27 12:42:07.176698+00', '2026-12-11 12:42:07.176698+00', '2026-12-27 12:42:07.176698+00', NULL, NULL),
	('00000000-0001-7000-8000-000000000001', '01a21d06-ff3d-7696-bc2a-2403f57f2ea7', '01a21d06-ff3d-79e8-ba08-ba0a14055ad1', '\xd6c4e211b8c1de08aad13cd745eeb0f9c8041bbdfcd1b039c3e8dcf6d6e5069c', 1, '2026-11-27 12:42:07.550407+00', 'registration', '', '127.0.0.0/24', '2026-11-27 12:42:07.549158+00', '2026-11-27 12:42:07.549158+00', '2026-11-27 12:42:07.549158+00', '2026-12-11 12:42:07.549158+00', '2026-12-27 12:42:07.549158+00', NULL, NULL),
	('00000000-0001-7000-8000-000000000001', '01a21d07-001b-7d07-a45a-d6c32b292257', '01a21d07-001b-728c-a1ab-a0f544303dde', '\x827bc38040b62a29fac812de9277aea989bf4da0bcfef37e6b399eba5f97efa2', 1, '2026-11-27 12:42:07.772714+00', 'registration', '', '127.0.0.0/24', '2026-11-27 12:42:07.771582+00', '2026-11-27 12:42:07.771582+00', '2026-11-27 12:42:07.771582+00', '2026-12-11 12:42:07.771582+00', '2026-12-27 12:42:07.771582+00', NULL, NULL),
	('00000000-0001-7000-8000-000000000001', '01a21d07-01bd-7881-ad6d-a94e790f15e6', '01a21d07-01bd-7ed5-a4a3-70051a619896', '\x941e45202dc22c05e5cad012005a093fadb5000bafa0471b9e3b8e3166825fa3', 1, '2026-11-27 12:42:08.19532+00', 'registration', '', '127.0.0.0/24', '2026-11-27 12:42:08.189271+00', '2026-11-27 12:42:08.189271+00', '2026-11-27 12:42:08.189271+00', '2026-12-11 12:42:08.189271+00', '2026-12-27 12:42:08.189271+00', NULL, NULL);
INSERT INTO identity.sign_in_failures VALUES
	('00000000-0001-7000-8000-000000000001', '\xf18cd08ec87ad80ff250b4253264aebaf929cc31d4f608d4a05b1174370acbb3', '00000000-0000-0000-0000-000000000000', '\x4daf5dc45915159026b8e21fd64fcc719bb487b5cd63a48f29ddddba2ba956b7', 6, '2026-11-27 12:42:12.418043+00', '2026-11-27 12:42:10.418043+00');
INSERT INTO identity.users VALUES
	('00000000-0001-7000-8000-000000000001', '01a21d06-f30f-7f06-a678-af0d0df63ca0', 11, 'Ada', 'ada-fixture', 'ada-fixture', '\x014314831db7d68aa88f7b6e5ba4ebd06be049921dc4076ab7bc73fad37125726fc940f893570494f486ccc3', '2026-11-27 12:42:04.431047+00', '$argon2id$v=19$m=24576,t=3,p=1$Xasogz7Hz6z1mpdUDOFnQA$sVEV8uvbRjuIyLVNGsNdYuaTvGPfE0fuJ/tR3kRuwIQ', 'es', '2026-11-27 12:42:04.431047+00', NULL, '\x010b362dabd78670c208fee4e210d2f973889863d1cb1e997413cc13eb74a6c48be5b1de402f378ad55518840b3c794f167cebe898d769ce984218a3e9df6ce28b2ed74aa1223c8d21af95ba0e3df050'),
	('00000000-0001-7000-8000-000000000001', '01a21d07-01bd-7ed5-a4a3-70051a619896', 3, 'Ivan', NULL, NULL, '\x0142b3328d27406f1f17df3be8ba32cdc7684c19fa6f5c445c02fb00576a1586356be1224e4b3cd9ecd77c1494', '2026-11-27 12:42:08.189271+00', '$argon2id$v=19$m=24576,t=3,p=1$EYDsnKkDbf8cRh3wsdzSXA$s8JVMJSyUVc995Qz3nXp8Nr4frjIQe/j94XKQStwAsk', 'en', '2026-11-27 12:42:08.189271+00', NULL, NULL),
	('00000000-0001-7000-8000-000000000001', '01a21d07-001b-728c-a1ab-a0f544303dde', 9, 'Eve', NULL, NULL, '\x01f29623422bec29f96083b473f7d6dd759b2f3d281679bc8a11cd1e50f845faa2c174030daa14397d2072b1', '2026-11-27 12:42:07.771582+00', '$argon2id$v=19$m=24576,t=3,p=1$XgRIqQB8JT37EAej16eoOA$SyOZ3KRCIB9x4MqnkzR+qrkT1IR/5CgWQPr/UQvF2wI', 'en', '2026-11-27 12:42:07.771582+00', NULL, NULL),
	('00000000-0001-7000-8000-000000000001', '01a21d06-ff3d-79e8-ba08-ba0a14055ad1', 4, 'Bob', NULL, NULL, '\x01ef407575962dff2e01c3ae5d5361e3678ddb4eb254131e2f7de2a59c21caec979228814ffc70de6c892fcf', '2026-11-27 12:42:07.549158+00', '$argon2id$v=19$m=24576,t=3,p=1$oIsD6y6IWAmaLozvXiKM+A$4dOhIjlhaK7G2W/bRCdu+7yNk5bVq27JgfF3upZGh20', 'en', '2026-11-27 12:42:07.549158+00', NULL, NULL),
	('00000000-0001-7000-8000-000000000001', '01a21d07-dbfd-7876-9fbd-dbd8daca77f4', 3, 'Grace', 'grace-fixture', 'grace-fixture', '\x01711b7b9b92dcc59e116451da779955414a900b1fb07e64321b40fd2349eb561c4eaf64f74de99fa9346c472554', '2026-11-27 12:43:04.061047+00', NULL, 'en', '2026-11-27 12:43:04.061047+00', NULL, NULL);
INSERT INTO notifications.inbox_messages VALUES
	('00000000-0001-7000-8000-000000000001', '01a21d06-edc5-7ae2-8b44-f3fb530e2a52', 'email', 'ada@example.com', '050488 is your Gatehouse code', 'Hello Ada,
your code is 050488. Enter it where you started to sign up. It is good for 10 minutes and can be used once.
Or open this link and confirm there; it is good for 24 hours:
http://localhost:8080/register/confirm?token=iIlzVH3HAp5Bk6bZrdsERcxixWmC4PJV3GFahWKTzEw
If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.
Gatehouse
', '<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>050488 is your Gatehouse code</title>
<style>
body { margin: 0; padding: 24px; background: #f4f5f7; color: #1c2430; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 480px; margin: 0 auto; padding: 32px; background: #fff; border-radius: 12px; }
h1 { margin: 0 0 24px; font-size: 18px; }
.code { margin: 24px 0; font: 700 32px/1 ui-monospace, monospace; letter-spacing: 8px; }
.small { color: #5b6675; font-size: 14px; }
@media (prefers-color-scheme: dark) { body { background: #12161c; color: #e8ecf1; } main { background: #1c222b; } .small { color: #9aa6b5; } a { color: #8ab4ff; } }
</style>
</head>
<body><main>
<h1>Gatehouse</h1>
<p>Hello Ada,</p>
<p>your code is</p>
<p class="code">050488</p>
<p>Enter it where you started to sign up. It is good for 10 minutes and can be used once.</p>
<p>Or open this link and confirm there; it is good for 24 hours:<br><a href="http://localhost:8080/register/confirm?token&#x3D;iIlzVH3HAp5Bk6bZrdsERcxixWmC4PJV3GFahWKTzEw">Confirm your address</a></p>
<p class="small">If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.</p>
</main></body>
</html>
', '2026-11-27 12:42:04.280068+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d06-feac-7716-a211-e1fadb21c309', 'email', 'bob@example.com', '139128 is your Gatehouse code', 'Hello Bob,
your code is 139128. Enter it where you started to sign up. It is good for 10 minutes and can be used once.
Or open this link and confirm there; it is good for 24 hours:
http://localhost:8080/register/confirm?token=g8boeAM1C0scdFeKUyuRlpSKLEdyA1jG7NH-Nc0NC44
If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.
Gatehouse
', '<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>139128 is your Gatehouse code</title>
<style>
body { margin: 0; padding: 24px; background: #f4f5f7; color: #1c2430; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 480px; margin: 0 auto; padding: 32px; background: #fff; border-radius: 12px; }
h1 { margin: 0 0 24px; font-size: 18px; }
.code { margin: 24px 0; font: 700 32px/1 ui-monospace, monospace; letter-spacing: 8px; }
.small { color: #5b6675; font-size: 14px; }
@media (prefers-color-scheme: dark) { body { background: #12161c; color: #e8ecf1; } main { background: #1c222b; } .small { color: #9aa6b5; } a { color: #8ab4ff; } }
</style>
</head>
<body><main>
<h1>Gatehouse</h1>
<p>Hello Bob,</p>
<p>your code is</p>
<p class="code">139128</p>
<p>Enter it where you started to sign up. It is good for 10 minutes and can be used once.</p>
<p>Or open this link and confirm there; it is good for 24 hours:<br><a href="http://localhost:8080/register/confirm?token&#x3D;g8boeAM1C0scdFeKUyuRlpSKLEdyA1jG7NH-Nc0NC44">Confirm your address</a></p>
<p class="small">If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.</p>
</main></body>
</html>
', '2026-11-27 12:42:07.488179+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d06-ff99-70ec-a592-056194cefb0b', 'email', 'eve@example.com', '106891 is your Gatehouse code', 'Hello Eve,
your code is 106891. Enter it where you started to sign up. It is good for 10 minutes and can be used once.
Or open this link and confirm there; it is good for 24 hours:
http://localhost:8080/register/confirm?token=5TbabqKqARiaThBLLMbT9GUnTBsgF8a9FuNPHzeaad4
If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.
Gatehouse
', '<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>106891 is your Gatehouse code</title>
<style>
body { margin: 0; padding: 24px; background: #f4f5f7; color: #1c2430; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 480px; margin: 0 auto; padding: 32px; background: #fff; border-radius: 12px; }
h1 { margin: 0 0 24px; font-size: 18px; }
.code { margin: 24px 0; font: 700 32px/1 ui-monospace, monospace; letter-spacing: 8px; }
.small { color: #5b6675; font-size: 14px; }
@media (prefers-color-scheme: dark) { body { background: #12161c; color: #e8ecf1; } main { background: #1c222b; } .small { color: #9aa6b5; } a { color: #8ab4ff; } }
</style>
</head>
<body><main>
<h1>Gatehouse</h1>
<p>Hello Eve,</p>
<p>your code is</p>
<p class="code">106891</p>
<p>Enter it where you started to sign up. It is good for 10 minutes and can be used once.</p>
<p>Or open this link and confirm there; it is good for 24 hours:<br><a href="http://localhost:8080/register/confirm?token&#x3D;5TbabqKqARiaThBLLMbT9GUnTBsgF8a9FuNPHzeaad4">Confirm your address</a></p>
<p class="small">If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.</p>
</main></body>
</html>
', '2026-11-27 12:42:07.678563+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d07-00f6-7478-a187-9f7aa04f052a', 'email', 'ivan@example.com', '283148 is your Gatehouse code', 'Hello Ivan,
your code is 283148. Enter it where you started to sign up. It is good for 10 minutes and can be used once.
Or open this link and confirm there; it is good for 24 hours:
http://localhost:8080/register/confirm?token=Z6GKj4wETTGQ-mLQWRvZfP2nHpXUqgfaL1N9CSYjZzk
If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.
Gatehouse
', '<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>283148 is your Gatehouse code</title>
<style>
body { margin: 0; padding: 24px; background: #f4f5f7; color: #1c2430; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 480px; margin: 0 auto; padding: 32px; background: #fff; border-radius: 12px; }
h1 { margin: 0 0 24px; font-size: 18px; }
.code { margin: 24px 0; font: 700 32px/1 ui-monospace, monospace; letter-spacing: 8px; }
.small { color: #5b6675; font-size: 14px; }
@media (prefers-color-scheme: dark) { body { background: #12161c; color: #e8ecf1; } main { background: #1c222b; } .small { color: #9aa6b5; } a { color: #8ab4ff; } }
</style>
</head>
<body><main>
<h1>Gatehouse</h1>
<p>Hello Ivan,</p>
<p>your code is</p>
<p class="code">283148</p>
<p>Enter it where you started to sign up. It is good for 10 minutes and can be used once.</p>
<p>Or open this link and confirm there; it is good for 24 hours:<br><a href="http://localhost:8080/register/confirm?token&#x3D;Z6GKj4wETTGQ-mLQWRvZfP2nHpXUqgfaL1N9CSYjZzk">Confirm your address</a></p>
<p class="small">If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.</p>
</main></body>
</html>
', '2026-11-27 12:42:08.097175+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d07-e8a2-79e0-84fd-a9aca1024f0f', 'email', 'dave@example.com', '341333 is your Gatehouse code', 'Hello Dave,
your code is 341333. Enter it where you started to sign up. It is good for 10 minutes and can be used once.
Or open this link and confirm there; it is good for 24 hours:
http://localhost:8080/register/confirm?token=KDuN1A3B1OV-OZWHQV6Iy6DsKZVLA-pzLfFK62iNAkQ
If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.
Gatehouse
', '<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>341333 is your Gatehouse code</title>
<style>
body { margin: 0; padding: 24px; background: #f4f5f7; color: #1c2430; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 480px; margin: 0 auto; padding: 32px; background: #fff; border-radius: 12px; }
h1 { margin: 0 0 24px; font-size: 18px; }
.code { margin: 24px 0; font: 700 32px/1 ui-monospace, monospace; letter-spacing: 8px; }
.small { color: #5b6675; font-size: 14px; }
@media (prefers-color-scheme: dark) { body { background: #12161c; color: #e8ecf1; } main { background: #1c222b; } .small { color: #9aa6b5; } a { color: #8ab4ff; } }
</style>
</head>
<body><main>
<h1>Gatehouse</h1>
<p>Hello Dave,</p>
<p>your code is</p>
<p class="code">341333</p>
<p>Enter it where you started to sign up. It is good for 10 minutes and can be used once.</p>
<p>Or open this link and confirm there; it is good for 24 hours:<br><a href="http://localhost:8080/register/confirm?token&#x3D;KDuN1A3B1OV-OZWHQV6Iy6DsKZVLA-pzLfFK62iNAkQ">Confirm your address</a></p>
<p class="small">If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.</p>
</main></body>
</html>
', '2026-11-27 12:43:07.985189+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d08-d341-75da-9299-5c781c84887c', 'email', 'dave@example.com', '728614 is your Gatehouse code', 'Hello Dave,
your code is 728614. Enter it where you started to sign up. It is good for 10 minutes and can be used once.
Or open this link and confirm there; it is good for 24 hours:
http://localhost:8080/register/confirm?token=P0UD_hrak8ep3HZ-9gAylj0yELdBaqWW3nJ7aG9Oioo
If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.
Gatehouse
', '<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>728614 is your Gatehouse code</title>
<style>
body { margin: 0; padding: 24px; background: #f4f5f7; color: #1c2430; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 480px; margin: 0 auto; padding: 32px; background: #fff; border-radius: 12px; }
h1 { margin: 0 0 24px; font-size: 18px; }
.code { margin: 24px 0; font: 700 32px/1 ui-monospace, monospace; letter-spacing: 8px; }
.small { color: #5b6675; font-size: 14px; }
@media (prefers-color-scheme: dark) { body { background: #12161c; color: #e8ecf1; } main { background: #1c222b; } .small { color: #9aa6b5; } a { color: #8ab4ff; } }
</style>
</head>
<body><main>
<h1>Gatehouse</h1>
<p>Hello Dave,</p>
<p>your code is</p>
<p class="code">728614</p>
<p>Enter it where you started to sign up. It is good for 10 minutes and can be used once.</p>
<p>Or open this link and confirm there; it is good for 24 hours:<br><a href="http://localhost:8080/register/confirm?token&#x3D;P0UD_hrak8ep3HZ-9gAylj0yELdBaqWW3nJ7aG9Oioo">Confirm your address</a></p>
<p class="small">If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.</p>
</main></body>
</html>
', '2026-11-27 12:44:07.39364+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d08-d411-7fd4-81b2-45c9136892c7', 'email', 'carol@example.com', '401529 is your Gatehouse code', 'Hello Carol,
your code is 401529. Enter it where you started to sign up. It is good for 10 minutes and can be used once.
Or open this link and confirm there; it is good for 24 hours:
http://localhost:8080/register/confirm?token=NlMF02EgSYUcwW7dKhkov2frAQv300XVAy03ws45ulE
If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.
Gatehouse
', '<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>401529 is your Gatehouse code</title>
<style>
body { margin: 0; padding: 24px; background: #f4f5f7; color: #1c2430; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 480px; margin: 0 auto; padding: 32px; background: #fff; border-radius: 12px; }
h1 { margin: 0 0 24px; font-size: 18px; }
.code { margin: 24px 0; font: 700 32px/1 ui-monospace, monospace; letter-spacing: 8px; }
.small { color: #5b6675; font-size: 14px; }
@media (prefers-color-scheme: dark) { body { background: #12161c; color: #e8ecf1; } main { background: #1c222b; } .small { color: #9aa6b5; } a { color: #8ab4ff; } }
</style>
</head>
<body><main>
<h1>Gatehouse</h1>
<p>Hello Carol,</p>
<p>your code is</p>
<p class="code">401529</p>
<p>Enter it where you started to sign up. It is good for 10 minutes and can be used once.</p>
<p>Or open this link and confirm there; it is good for 24 hours:<br><a href="http://localhost:8080/register/confirm?token&#x3D;NlMF02EgSYUcwW7dKhkov2frAQv300XVAy03ws45ulE">Confirm your address</a></p>
<p class="small">If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.</p>
</main></body>
</html>
', '2026-11-27 12:44:07.593819+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d08-d529-78c6-a67c-2b629cbde1c9', 'email', 'frank@example.com', '086536 is your Gatehouse code', 'Hello Frank,
your code is 086536. Enter it where you started to sign up. It is good for 10 minutes and can be used once.
Or open this link and confirm there; it is good for 24 hours:
http://localhost:8080/register/confirm?token=AVLRAbnKEGZnKkgDnqybmHOpL2HzgP9glpybxjEkH-Q
If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.
Gatehouse
', '<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>086536 is your Gatehouse code</title>
<style>
body { margin: 0; padding: 24px; background: #f4f5f7; color: #1c2430; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 480px; margin: 0 auto; padding: 32px; background: #fff; border-radius: 12px; }
h1 { margin: 0 0 24px; font-size: 18px; }
.code { margin: 24px 0; font: 700 32px/1 ui-monospace, monospace; letter-spacing: 8px; }
.small { color: #5b6675; font-size: 14px; }
@media (prefers-color-scheme: dark) { body { background: #12161c; color: #e8ecf1; } main { background: #1c222b; } .small { color: #9aa6b5; } a { color: #8ab4ff; } }
</style>
</head>
<body><main>
<h1>Gatehouse</h1>
<p>Hello Frank,</p>
<p>your code is</p>
<p class="code">086536</p>
<p>Enter it where you started to sign up. It is good for 10 minutes and can be used once.</p>
<p>Or open this link and confirm there; it is good for 24 hours:<br><a href="http://localhost:8080/register/confirm?token&#x3D;AVLRAbnKEGZnKkgDnqybmHOpL2HzgP9glpybxjEkH-Q">Confirm your address</a></p>
<p class="small">If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.</p>
</main></body>
</html>
', '2026-11-27 12:44:07.870109+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d08-d652-7aab-a1a9-87e8ea246e59', 'email', 'judy@example.com', '866425 is your Gatehouse code', 'Hello Judy,
your code is 866425. Enter it where you started to sign up. It is good for 10 minutes and can be used once.
Or open this link and confirm there; it is good for 24 hours:
http://localhost:8080/register/confirm?token=TvQNXC0Wx7Cx6w4CUGHzGM7RRdTE6_2B1q8PUru8AMU
If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.
Gatehouse
', '<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>866425 is your Gatehouse code</title>
<style>
body { margin: 0; padding: 24px; background: #f4f5f7; color: #1c2430; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 480px; margin: 0 auto; padding: 32px; background: #fff; border-radius: 12px; }
h1 { margin: 0 0 24px; font-size: 18px; }
.code { margin: 24px 0; font: 700 32px/1 ui-monospace, monospace; letter-spacing: 8px; }
.small { color: #5b6675; font-size: 14px; }
@media (prefers-color-scheme: dark) { body { background: #12161c; color: #e8ecf1; } main { background: #1c222b; } .small { color: #9aa6b5; } a { color: #8ab4ff; } }
</style>
</head>
<body><main>
<h1>Gatehouse</h1>
<p>Hello Judy,</p>
<p>your code is</p>
<p class="code">866425</p>
<p>Enter it where you started to sign up. It is good for 10 minutes and can be used once.</p>
<p>Or open this link and confirm there; it is good for 24 hours:<br><a href="http://localhost:8080/register/confirm?token&#x3D;TvQNXC0Wx7Cx6w4CUGHzGM7RRdTE6_2B1q8PUru8AMU">Confirm your address</a></p>
<p class="small">If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.</p>
</main></body>
</html>
', '2026-11-27 12:44:08.178775+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d08-d6a3-74d8-88da-b1bca8761cd6', 'email', 'bob@example.com', '99808439 is your Gatehouse code for a new password', 'Hello Bob,
your code is 99808439. Enter it where you asked for a new password. It is good for 10 minutes and can be used once.
Or open this link and choose the new password there; it is good for 30 minutes:
http://localhost:8080/reset?id=01a21d08-d66d-7f18-b14c-12c4d433da39&token=8XeOiHm45JMQ2Shee46Rsk6YwcSHThdrFlsKbKBZ3L8
If it was not you who asked for this, you need do nothing: your password stays as it is. Never tell the code to anybody.
Gatehouse
', '<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>99808439 is your Gatehouse code for a new password</title>
<style>
body { margin: 0; padding: 24px; background: #f4f5f7; color: #1c2430; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 480px; margin: 0 auto; padding: 32px; background: #fff; border-radius: 12px; }
h1 { margin: 0 0 24px; font-size: 18px; }
.code { margin: 24px 0; font: 700 32px/1 ui-monospace, monospace; letter-spacing: 8px; }
.small { color: #5b6675; font-size: 14px; }
@media (prefers-color-scheme: dark) { body { background: #12161c; color: #e8ecf1; } main { background: #1c222b; } .small { color: #9aa6b5; } a { color: #8ab4ff; } }
</style>
</head>
<body><main>
<h1>Gatehouse</h1>
<p>Hello Bob,</p>
<p>your code is</p>
<p class="code">99808439</p>
<p>Enter it where you asked for a new password. It is good for 10 minutes and can be used once.</p>
<p>Or open this link and choose the new password there; it is good for 30 minutes:<br><a href="http://localhost:8080/reset?id&#x3D;01a21d08-d66d-7f18-b14c-12c4d433da39&amp;token&#x3D;8XeOiHm45JMQ2Shee46Rsk6YwcSHThdrFlsKbKBZ3L8">Choose a new password</a></p>
<p class="small">If it was not you who asked for this, you need do nothing: your password stays as it is. Never tell the code to anybody.</p>
</main></body>
</html>
', '2026-11-27 12:44:08.262443+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d08-d79c-7369-8306-24bb985c94bf', 'email', 'grace@example.com', '54993445 is your Gatehouse code for a new password', 'Hello Grace,
your code is 54993445. Enter it where you asked for a new password. It is good for 10 minutes and can be used once.
Or open this link and choose the new password there; it is good for 30 minutes:
http://localhost:8080/reset?id=01a21d08-d793-729f-ac9b-acc7685480d9&token=sZCj0feimW0MA3J52wgKebIcphG3rvNFqcnfLjAJguI
If it was not you who asked for this, you need do nothing: your password stays as it is. Never tell the code to anybody.
Gatehouse
', '<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>54993445 is your Gatehouse code for a new password</title>
<style>
body { margin: 0; padding: 24px; background: #f4f5f7; color: #1c2430; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 480px; margin: 0 auto; padding: 32px; background: #fff; border-radius: 12px; }
h1 { margin: 0 0 24px; font-size: 18px; }
.code { margin: 24px 0; font: 700 32px/1 ui-monospace, monospace; letter-spacing: 8px; }
.small { color: #5b6675; font-size: 14px; }
@media (prefers-color-scheme: dark) { body { background: #12161c; color: #e8ecf1; } main { background: #1c222b; } .small { color: #9aa6b5; } a { color: #8ab4ff; } }
</style>
</head>
<body><main>
<h1>Gatehouse</h1>
<p>Hello Grace,</p>
<p>your code is</p>
<p class="code">54993445</p>
<p>Enter it where you asked for a new password. It is good for 10 minutes and can be used once.</p>
<p>Or open this link and choose the new password there; it is good for 30 minutes:<br><a href="http://localhost:8080/reset?id&#x3D;01a21d08-d793-729f-ac9b-acc7685480d9&amp;token&#x3D;sZCj0feimW0MA3J52wgKebIcphG3rvNFqcnfLjAJguI">Choose a new password</a></p>
<p class="small">If it was not you who asked for this, you need do nothing: your password stays as it is. Never tell the code to anybody.</p>
</main></body>
</html>
', '2026-11-27 12:44:08.490282+00');
INSERT INTO runtime.audit_20261101 VALUES
	('01a21d06-edc5-7e09-b339-892484582702', '00000000-0001-7000-8000-000000000001', 1, 743, 1, '2026-11-27 12:42:03.07733+00', 'registration.started', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d06-edc5-7ff0-8aed-d5cfa0763eb7"}'),
	('01a21d06-f30f-76f5-baac-add143db378a', '00000000-0001-7000-8000-000000000001', 1, 754, 2, '2026-11-27 12:42:04.431047+00', 'user.registered', 'anonymous', NULL, '01a21d06-f30f-7f06-a678-af0d0df63ca0', NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d06-edc5-7ff0-8aed-d5cfa0763eb7"}'),
	('01a21d06-f30f-7768-a4ac-4860e58f8eb9', '00000000-0001-7000-8000-000000000001', 1, 754, 3, '2026-11-27 12:42:04.431047+00', 'user.verified', 'anonymous', NULL, '01a21d06-f30f-7f06-a678-af0d0df63ca0', NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"channel":"email","method":"code","registration":"01a21d06-edc5-7ff0-8aed-d5cfa0763eb7"}'),
	('01a21d06-f30f-7e17-bfc2-d1c5d72b80ac', '00000000-0001-7000-8000-000000000001', 1, 754, 4, '2026-11-27 12:42:04.431047+00', 'session.started', 'person', '01a21d06-f30f-7f06-a678-af0d0df63ca0', '01a21d06-f30f-7f06-a678-af0d0df63ca0', '01a21d06-f30f-7a9d-8a32-15ad525d744a', 'done', NULL, '127.0.0.0/24', NULL, '{}'),
	('01a21d06-f6d9-7927-af65-91c194866096', '00000000-0001-7000-8000-000000000001', 1, 759, 5, '2026-11-27 12:42:05.4013+00', 'user.updated', 'person', '01a21d06-f30f-7f06-a678-af0d0df63ca0', '01a21d06-f30f-7f06-a678-af0d0df63ca0', '01a21d06-f30f-7a9d-8a32-15ad525d744a', 'done', NULL, '127.0.0.0/24', NULL, '{"changed":"about, languages, preferredLanguage"}'),
	('01a21d06-f974-7e96-aa9c-8fd7d9571c46', '00000000-0001-7000-8000-000000000001', 1, 763, 6, '2026-11-27 12:42:06.068404+00', 'session.started', 'person', '01a21d06-f30f-7f06-a678-af0d0df63ca0', '01a21d06-f30f-7f06-a678-af0d0df63ca0', '01a21d06-f974-7823-aca5-602febd7280e', 'done', NULL, '127.0.0.0/24', NULL, '{}'),
	('01a21d06-fa33-733d-a730-f1cd2bd3530a', '00000000-0001-7000-8000-000000000001', 1, 766, 7, '2026-11-27 12:42:06.259328+00', 'session.refreshed', 'person', '01a21d06-f30f-7f06-a678-af0d0df63ca0', '01a21d06-f30f-7f06-a678-af0d0df63ca0', '01a21d06-f974-7823-aca5-602febd7280e', 'done', NULL, '127.0.0.0/24', NULL, '{}'),
	('01a21d06-fbc6-77a4-9d34-2e1fe34b6c9e', '00000000-0001-7000-8000-000000000001', 1, 768, 8, '2026-11-27 12:42:06.662787+00', 'session.started', 'person', '01a21d06-f30f-7f06-a678-af0d0df63ca0', '01a21d06-f30f-7f06-a678-af0d0df63ca0', '01a21d06-fbc6-7b38-8565-b9203329ee09', 'done', NULL, '127.0.0.0/24', NULL, '{}'),
	('01a21d06-fc09-7541-8848-ced3fc030236', '00000000-0001-7000-8000-000000000001', 1, 771, 9, '2026-11-27 12:42:06.729713+00', 'session.ended', 'person', '01a21d06-f30f-7f06-a678-af0d0df63ca0', '01a21d06-f30f-7f06-a678-af0d0df63ca0', '01a21d06-fbc6-7b38-8565-b9203329ee09', 'done', 'signed-out', '127.0.0.0/24', NULL, '{"by":"01a21d06-fbc6-7b38-8565-b9203329ee09"}'),
	('01a21d06-fdc8-7885-ac79-36e2856cc08a', '00000000-0001-7000-8000-000000000001', 1, 775, 10, '2026-11-27 12:42:07.176698+00', 'session.started', 'person', '01a21d06-f30f-7f06-a678-af0d0df63ca0', '01a21d06-f30f-7f06-a678-af0d0df63ca0', '01a21d06-fdc8-797b-af25-40eefbf45324', 'done', NULL, '127.0.0.0/24', NULL, '{}'),
	('01a21d06-feac-76b9-886e-142d5025b55f', '00000000-0001-7000-8000-000000000001', 1, 779, 11, '2026-11-27 12:42:07.4045+00', 'registration.started', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d06-feac-7c95-a2b6-afb376acf546"}'),
	('01a21d06-ff3d-72ea-9731-5522c61c5f2b', '00000000-0001-7000-8000-000000000001', 1, 789, 12, '2026-11-27 12:42:07.549158+00', 'user.registered', 'anonymous', NULL, '01a21d06-ff3d-79e8-ba08-ba0a14055ad1', NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d06-feac-7c95-a2b6-afb376acf546"}'),
	('01a21d06-ff3d-7830-b4c2-0bfa4cdf18f6', '00000000-0001-7000-8000-000000000001', 1, 789, 13, '2026-11-27 12:42:07.549158+00', 'user.verified', 'anonymous', NULL, '01a21d06-ff3d-79e8-ba08-ba0a14055ad1', NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"channel":"email","method":"code","registration":"01a21d06-feac-7c95-a2b6-afb376acf546"}'),
	('01a21d06-ff3d-7fa6-8c65-6599bdf4f2f6', '00000000-0001-7000-8000-000000000001', 1, 789, 14, '2026-11-27 12:42:07.549158+00', 'session.started', 'person', '01a21d06-ff3d-79e8-ba08-ba0a14055ad1', '01a21d06-ff3d-79e8-ba08-ba0a14055ad1', '01a21d06-ff3d-7696-bc2a-2403f57f2ea7', 'done', NULL, '127.0.0.0/24', NULL, '{}'),
	('01a21d06-ff99-7b93-ab77-66f88b44dd22', '00000000-0001-7000-8000-000000000001', 1, 795, 15, '2026-11-27 12:42:07.641292+00', 'registration.started', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d06-ff99-71bd-82da-c53e44b65c2c"}'),
	('01a21d07-001b-76ca-a73e-161c04452a14', '00000000-0001-7000-8000-000000000001', 1, 805, 16, '2026-11-27 12:42:07.771582+00', 'user.registered', 'anonymous', NULL, '01a21d07-001b-728c-a1ab-a0f544303dde', NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d06-ff99-71bd-82da-c53e44b65c2c"}'),
	('01a21d07-001b-7b1a-9256-0a0b0668b1a4', '00000000-0001-7000-8000-000000000001', 1, 805, 17, '2026-11-27 12:42:07.771582+00', 'user.verified', 'anonymous', NULL, '01a21d07-001b-728c-a1ab-a0f544303dde', NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"channel":"email","method":"code","registration":"01a21d06-ff99-71bd-82da-c53e44b65c2c"}'),
	('01a21d07-001b-7ed0-96cd-80a539454847', '00000000-0001-7000-8000-000000000001', 1, 805, 18, '2026-11-27 12:42:07.771582+00', 'session.started', 'person', '01a21d07-001b-728c-a1ab-a0f544303dde', '01a21d07-001b-728c-a1ab-a0f544303dde', '01a21d07-001b-7d07-a45a-d6c32b292257', 'done', NULL, '127.0.0.0/24', NULL, '{}'),
	('01a21d07-00f6-72d3-b292-541fe6bb7bc3', '00000000-0001-7000-8000-000000000001', 1, 811, 19, '2026-11-27 12:42:07.990068+00', 'registration.started', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d07-00f6-70b3-92d5-8736b8289f01"}'),
	('01a21d07-01bd-79c8-bf4c-3042785c964d', '00000000-0001-7000-8000-000000000001', 1, 821, 20, '2026-11-27 12:42:08.189271+00', 'user.registered', 'anonymous', NULL, '01a21d07-01bd-7ed5-a4a3-70051a619896', NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d07-00f6-70b3-92d5-8736b8289f01"}'),
	('01a21d07-01bd-7b15-ad3c-14ede734169f', '00000000-0001-7000-8000-000000000001', 1, 821, 21, '2026-11-27 12:42:08.189271+00', 'user.verified', 'anonymous', NULL, '01a21d07-01bd-7ed5-a4a3-70051a619896', NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"channel":"email","method":"code","registration":"01a21d07-00f6-70b3-92d5-8736b8289f01"}'),
	('01a21d07-01bd-7f02-a73a-5a4cacb889cf', '00000000-0001-7000-8000-000000000001', 1, 821, 22, '2026-11-27 12:42:08.189271+00', 'session.started', 'person', '01a21d07-01bd-7ed5-a4a3-70051a619896', '01a21d07-01bd-7ed5-a4a3-70051a619896', '01a21d07-01bd-7881-ad6d-a94e790f15e6', 'done', NULL, '127.0.0.0/24', NULL, '{}'),
	('01a21d07-023c-7a98-b014-1318286b7c0b', '00000000-0001-7000-8000-000000000001', 1, 827, 23, '2026-11-27 12:42:08.316023+00', 'sign-in.failed', 'anonymous', NULL, '01a21d07-001b-728c-a1ab-a0f544303dde', NULL, 'refused', 'identity.sign-in-refused', '127.0.0.0/24', NULL, '{}'),
	('01a21d07-02ef-7710-a162-1e1e58c98264', '00000000-0001-7000-8000-000000000001', 1, 831, 24, '2026-11-27 12:42:08.495192+00', 'sign-in.failed', 'anonymous', NULL, '01a21d07-001b-728c-a1ab-a0f544303dde', NULL, 'refused', 'identity.sign-in-refused', '127.0.0.0/24', NULL, '{}'),
	('01a21d07-03b7-7b8a-a85e-e50817b83186', '00000000-0001-7000-8000-000000000001', 1, 835, 25, '2026-11-27 12:42:08.695008+00', 'sign-in.failed', 'anonymous', NULL, '01a21d07-001b-728c-a1ab-a0f544303dde', NULL, 'refused', 'identity.sign-in-refused', '127.0.0.0/24', NULL, '{}'),
	('01a21d07-04f6-7f56-a609-acdc9a7b2775', '00000000-0001-7000-8000-000000000001', 1, 839, 26, '2026-11-27 12:42:09.014547+00', 'sign-in.failed', 'anonymous', NULL, '01a21d07-001b-728c-a1ab-a0f544303dde', NULL, 'refused', 'identity.sign-in-refused', '127.0.0.0/24', NULL, '{}'),
	('01a21d07-05a9-7bf0-8218-4ac2acfb3a2c', '00000000-0001-7000-8000-000000000001', 1, 843, 27, '2026-11-27 12:42:09.193811+00', 'sign-in.failed', 'anonymous', NULL, '01a21d07-001b-728c-a1ab-a0f544303dde', NULL, 'refused', 'identity.sign-in-refused', '127.0.0.0/24', NULL, '{}'),
	('01a21d07-0b44-7fe1-b18a-1d5de316a0b7', '00000000-0001-7000-8000-000000000001', 1, 848, 28, '2026-11-27 12:42:10.628402+00', 'sign-in.failed', 'anonymous', NULL, '01a21d07-001b-728c-a1ab-a0f544303dde', NULL, 'refused', 'identity.sign-in-refused', '127.0.0.0/24', NULL, '{}'),
	('01a21d07-dbfd-71ab-a5b0-b9a7fbf8879c', '00000000-0001-7000-8000-000000000001', 1, 866, 29, '2026-11-27 12:43:04.061047+00', 'user.created', 'operator', NULL, '01a21d07-dbfd-7876-9fbd-dbd8daca77f4', NULL, 'done', NULL, NULL, NULL, '{}'),
	('01a21d07-e8a2-748a-8f47-6dc14940256c', '00000000-0001-7000-8000-000000000001', 1, 874, 30, '2026-11-27 12:43:07.298956+00', 'registration.started', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d07-e8a2-70fd-adac-fce6ee5b9aa3"}'),
	('01a21d08-d341-7592-b9ad-904e3378137e', '00000000-0001-7000-8000-000000000001', 1, 970, 31, '2026-11-27 12:44:07.361266+00', 'registration.code-resent', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d07-e8a2-70fd-adac-fce6ee5b9aa3"}'),
	('01a21d08-d411-7e61-9d95-4680794a6803', '00000000-0001-7000-8000-000000000001', 1, 980, 32, '2026-11-27 12:44:07.569583+00', 'registration.started', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d08-d411-7b88-a0fa-3db24eee3780"}'),
	('01a21d08-d487-7ce4-b44f-4c946a13d1ad', '00000000-0001-7000-8000-000000000001', 1, 989, 33, '2026-11-27 12:44:07.687073+00', 'registration.refused', 'anonymous', NULL, NULL, NULL, 'refused', 'identity.code-wrong', '127.0.0.0/24', NULL, '{"registration":"01a21d08-d411-7b88-a0fa-3db24eee3780"}'),
	('01a21d08-d529-7b36-a64b-32a8e61e2cad', '00000000-0001-7000-8000-000000000001', 1, 991, 34, '2026-11-27 12:44:07.849801+00', 'registration.started', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d08-d529-76f7-9224-91568f67f3bf"}'),
	('01a21d08-d652-7ceb-986f-61db8c1ae3cf', '00000000-0001-7000-8000-000000000001', 1, 1002, 35, '2026-11-27 12:44:08.146493+00', 'registration.started', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d08-d652-7a83-8111-9c66fe96c4df"}'),
	('01a21d08-d66d-7717-95a0-74ba7825dec1', '00000000-0001-7000-8000-000000000001', 1, 1010, 36, '2026-11-27 12:44:08.173897+00', 'password.reset-requested', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"reset":"01a21d08-d66d-7f18-b14c-12c4d433da39"}'),
	('01a21d08-d6a3-719c-93df-0970670f779b', '00000000-0001-7000-8000-000000000001', 1, 1015, 37, '2026-11-27 12:44:08.227195+00', 'password.reset-sent', 'system', NULL, '01a21d06-ff3d-79e8-ba08-ba0a14055ad1', NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"reset":"01a21d08-d66d-7f18-b14c-12c4d433da39"}'),
	('01a21d08-d782-7699-a8a0-5a2e6b0d3265', '00000000-0001-7000-8000-000000000001', 1, 1023, 38, '2026-11-27 12:44:08.450136+00', 'password.reset-refused', 'anonymous', NULL, '01a21d06-ff3d-79e8-ba08-ba0a14055ad1', NULL, 'refused', 'identity.code-wrong', '127.0.0.0/24', NULL, '{"method":"code","reset":"01a21d08-d66d-7f18-b14c-12c4d433da39"}'),
	('01a21d08-d793-7914-80da-6b3ffdc8fa12', '00000000-0001-7000-8000-000000000001', 1, 1025, 39, '2026-11-27 12:44:08.467108+00', 'password.reset-requested', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"reset":"01a21d08-d793-729f-ac9b-acc7685480d9"}'),
	('01a21d08-da60-709d-b263-cc1a87974d3e', '00000000-0001-7000-8000-000000000001', 1, 1043, 42, '2026-11-27 12:44:09.184015+00', 'registration.started', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d08-da60-7f31-8339-9acf31ca2fd7"}'),
	('01a21d08-db84-763f-947f-4efc5105c872', '00000000-0001-7000-8000-000000000001', 1, 1046, 43, '2026-11-27 12:44:09.476911+00', 'password.reset-requested', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"reset":"01a21d08-db84-7e4c-996a-1f390a16418d"}'),
	('01a21d08-d79c-70e7-953f-51022738a967', '00000000-0001-7000-8000-000000000001', 1, 1027, 40, '2026-11-27 12:44:08.476411+00', 'password.reset-sent', 'system', NULL, '01a21d07-dbfd-7876-9fbd-dbd8daca77f4', NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"reset":"01a21d08-d793-729f-ac9b-acc7685480d9"}'),
	('01a21d08-d977-7544-aa5d-550845598ba8', '00000000-0001-7000-8000-000000000001', 1, 1037, 41, '2026-11-27 12:44:08.951517+00', 'registration.started', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d08-d977-749e-8d0c-a908c1431a73"}');
INSERT INTO runtime.audit_batches VALUES
	(1, 1, 743, 1, 1, 848, 28, 28, '2026-11-27 12:42:10.628402+00', '\x9c4b7ddeca8756624aa4bc6d7fb504d614307d87b4e5b0452d0bf70c10d7a2c4c2ab3a232470f2397cfd8bad6a62b31a89f5f6f93037e1f4aaffbea5968a7a817415f72528241df3fbafff3e5decb985c6a47a9a0fa1f33764017c267c27828a3e42fa7ee71a4da881807b5ed7d5ced31f2b4091c00d36c4ee236dab43e7c910f01c4082c73b408e62a970809b2d16d6c0a929b63cf08d9dc0cecfed404f5993154025eb45adcf113fc400982ea6f5e8d620bc88581169313a607c099733f9ed34b35ae580818898c8a337aa2bab19d6e1e04e523771673ccb96432120e4f7e4f223872e572aa694eb6be8a7cc0905f4ed8044b82827b059c6205a3ae5df36cabb85e5bc0679746138516a5192a802386653ad0c33fe2c0f0e8240a8f61d109efdf64a867d4bc4658fe3899fa68448c18f249fa5e14e56f54f3d9a056bf1c3520e4a0eb5a2dde0b4b3d475bb8673fc5185b3713de197db00c9d6efd575bdebd6f7bae9eaa014ba8e08f0d766c289cd9fb4d9ac01906969802fccb77be82859b9ee704c4909d6772087485446d31f9275903c53c584a8af35174c46038311fce5d176d3a07aa21e3f625e885222fc6f8609533e58722ddd8c363961ec1fa2ee996428062c02c4248d94b324f1f61c8ae699d6bb544caf098b4230e4da4a75a7af92e2b7e3ae9a929599f4ca30a50d3db109a375fc44b56369d0ff12fb4931b8769bbb722109f8281010a394971928f7273b06816071ec474ccd30e1112fb858690ac1813977d56a69a00c208b627e612ec47545b93e929110894bf767ffab5cf7dfe474cdc88f23ff6e18db4c99d212267be521d196c90a2a120b5714e7a46c766b6b9fc51ece5dfed67c6aa31d5d4638f15642d1722c6c094ad5c0ab28656b87c140d92301671662a9fadb19a6282378784dacccc03d4adf7456af5cf24365c6c099d6f1713cd2a6d0ff0b3eba0d51c8dc1e657639404e8bd343197ee16a71c07c4e733b07e2038a816d6bed5412dcb3d3785761774a368a965b5fecfed75e7f95cf9f3af3e3a75ad1e161f7e4d42b308519dea9ae7ee8329d37d6b488588e0aa93efb9e8b3cef0b7157070564db99634733b5948abc3edaf042f2f90429668072383f1b7b61c7c5633d5d619d039eb385ccb470a8774769a8aac2074f37d09bfa7ecd9791d47c943281db4806bb816d1d57130b799be40920980de04eb6fa2fa32c642c0ebcb723b54f4aa61b74ad4c14c84138a9e98b9ff6c3ef0f8ea0f5f4', '\x0000000000000000000000000000000000000000000000000000000000000000', '\x2e08ee2de38854a7d876db60ed24ce2d3a02962fab864ee21064a7133155cf9d', '2026-11-27 12:43:00.279785+00', '\x9cee1e1e02fa2e3e8ae710ccc930e67c829e615a8ebff43b55bb2550b2246b543ca9b88a722c29695cf130ca888a04524c5eb25ab276cf991d68ea4c97a7a31e', NULL, NULL),
	(2, 1, 866, 29, 1, 874, 30, 2, '2026-11-27 12:43:07.298956+00', '\x6e13f9c1d94e3f063b88826c7ae4bf45917f77620f7400d3c2532c3b90740eb4fcc249f2c8f427cd442ac2bb01de3628c6223abf37cddda55894413625ac3cd4', '\x2e08ee2de38854a7d876db60ed24ce2d3a02962fab864ee21064a7133155cf9d', '\x3c16aef04c8afde701a4edf196e3ab2fa17baba77a34267038a674c8fa2436a7', '2026-11-27 12:44:00.48456+00', '\xd6208154cc9f613f16006de55573f6007ba1b465829f3668b20eae6b4cebef3b19bba84944f8cf5f5ff681289205870922b910ac3982688938a1538051649e92', NULL, NULL);
INSERT INTO runtime.events_20261127 VALUES
	('01a21d06-edc5-78d8-b949-4d8328728f77', 7, 1, 743, 1, '00000000-0001-7000-8000-000000000001', '01a21d06-edc5-7ff0-8aed-d5cfa0763eb7', NULL, 'notification.requested.v1', 'gatehouse.notifications', '2026-11-27 12:42:03.07733+00', '00-d28ea22f833fd8014c934360bfcd08ab-3a174c41df94dc7f-00', '{"notificationId":"01a21d06-edc5-7ae2-8b44-f3fb530e2a52","channel":"email","template":"registration-code","language":"en","expiresAt":"2026-11-27T12:52:03.07733+00:00","personal":{"subject":"01a21d06-edc5-7ff0-8aed-d5cfa0763eb7","data":"AdRqBIwyjzAYNthKv56tmGms2I9A74iT/GFTKiJEqrf2mt7G5teWitJjAdyqV9kGaoG4o8djMOo3lxaBtOVDtpuF0seyU7dixXtdXjYTYFwr086AuayWgtzlw7ki/ZeLQgEwOEG\u002BX4pW02b/x71pVqHyKLv2TJQJqCXRRCg\u002B/eXvm6V8K/ZeowSAtJuossEsv8iwlCyJ87toFoS/qA5VeraR2aCArv02gT0B6GmrDgRH/mERIf3RBbEPqii6Qe6m/0TctintYalGhMX3XbnYIU45AaIE0x\u002B/lym5Kzki3yvO3JKBi7khcymkyiRWEVfqIBePushP3LZaiNnpwB7ILm5C1uDZWtOozSIw2TCq2nV//wZZQMJckTM="}}'),
	('01a21d06-f2a1-7c35-9f95-630135fab602', 7, 1, 749, 2, '00000000-0001-7000-8000-000000000001', '01a21d06-edc5-7ff0-8aed-d5cfa0763eb7', NULL, 'notification.delivered.v1', 'gatehouse.notifications', '2026-11-27 12:42:04.321297+00', NULL, '{"notificationId":"01a21d06-edc5-7ae2-8b44-f3fb530e2a52","channel":"email","sender":"inbox"}'),
	('01a21d06-f30f-7986-8f7b-90842d9b8788', 0, 1, 754, 3, '00000000-0001-7000-8000-000000000001', '01a21d06-f30f-7f06-a678-af0d0df63ca0', 1, 'user.registered.v1', 'gatehouse.users', '2026-11-27 12:42:04.431047+00', '00-6a51a217a0e931345896e03b90307d4d-c8af07e06d12e200-00', '{"userId":"01a21d06-f30f-7f06-a678-af0d0df63ca0","origin":"self","language":"en","personal":{"subject":"01a21d06-f30f-7f06-a678-af0d0df63ca0","data":"AankgPp1J1CubRy7IdYA/fhTYJYD/BC4u/RSc6OxO3\u002BkUWylHR1U1oERRiUjhai9dBLf3iyyI4t8khqUWTmiAj3LlpqdtbQIfEpqe/bVBW89uNLWbPCaPOTe415j\u002Bg=="}}'),
	('01a21d06-f30f-79f3-ad37-ae64f1f34a68', 0, 1, 754, 4, '00000000-0001-7000-8000-000000000001', '01a21d06-f30f-7f06-a678-af0d0df63ca0', 2, 'user.verified.v1', 'gatehouse.users', '2026-11-27 12:42:04.431047+00', '00-6a51a217a0e931345896e03b90307d4d-c8af07e06d12e200-00', '{"userId":"01a21d06-f30f-7f06-a678-af0d0df63ca0","channel":"email","method":"code"}'),
	('01a21d06-f30f-712e-9781-1732c0b41e0a', 0, 1, 754, 5, '00000000-0001-7000-8000-000000000001', '01a21d06-f30f-7f06-a678-af0d0df63ca0', 3, 'session.started.v1', 'gatehouse.security', '2026-11-27 12:42:04.431047+00', '00-6a51a217a0e931345896e03b90307d4d-c8af07e06d12e200-00', '{"userId":"01a21d06-f30f-7f06-a678-af0d0df63ca0","sessionId":"01a21d06-f30f-7a9d-8a32-15ad525d744a","method":"registration","endsAt":"2026-12-27T12:42:04.431047+00:00"}'),
	('01a21d06-f6d9-7df9-9c00-0cf21ed0dd48', 0, 1, 759, 6, '00000000-0001-7000-8000-000000000001', '01a21d06-f30f-7f06-a678-af0d0df63ca0', 4, 'user.updated.v1', 'gatehouse.users', '2026-11-27 12:42:05.4013+00', '00-9da9c38fb158520a17e0fe32372bfdf3-4276a0f8702b6b01-00', '{"userId":"01a21d06-f30f-7f06-a678-af0d0df63ca0","personal":{"subject":"01a21d06-f30f-7f06-a678-af0d0df63ca0","data":"AX5UV7Ia586A38pwR\u002BTPyRHgSMQJKq20RddW6HBcxS69Ku1EOfFlCYMIvtqLBw7nEZIemZ7UmbeA0VsDpJ7wEZFH/PXf3uC1wRAhTcm44sQDF2hbbtDW\u002BsQgvQGBzPaUjg\u002BiRXp\u002BGWwILk9ttUa6563DlvxLZJXguM6tnJ0lt056i0fAbRIvxikThDw4Pmm4Aj\u002Btzc00K/ht\u002Btn9ipKL\u002BrMbgrk1WdMc"}}'),
	('01a21d06-f974-7fd2-8ce8-2b6956ab1958', 0, 1, 763, 7, '00000000-0001-7000-8000-000000000001', '01a21d06-f30f-7f06-a678-af0d0df63ca0', 5, 'session.started.v1', 'gatehouse.security', '2026-11-27 12:42:06.068404+00', '00-c298a84c52f4ca69c10d4b21f9f3c756-74083fb7986d00d9-00', '{"userId":"01a21d06-f30f-7f06-a678-af0d0df63ca0","sessionId":"01a21d06-f974-7823-aca5-602febd7280e","method":"password","endsAt":"2026-12-27T12:42:06.068404+00:00"}'),
	('01a21d06-f974-79cd-bd2c-35a2f2b03981', 0, 1, 763, 8, '00000000-0001-7000-8000-000000000001', '01a21d06-f30f-7f06-a678-af0d0df63ca0', 6, 'user.signed-in.v1', 'gatehouse.security', '2026-11-27 12:42:06.068404+00', '00-c298a84c52f4ca69c10d4b21f9f3c756-74083fb7986d00d9-00', '{"userId":"01a21d06-f30f-7f06-a678-af0d0df63ca0","sessionId":"01a21d06-f974-7823-aca5-602febd7280e","method":"password","knownDevice":true}'),
	('01a21d06-fbc6-750e-87fb-55783b8f6780', 0, 1, 768, 9, '00000000-0001-7000-8000-000000000001', '01a21d06-f30f-7f06-a678-af0d0df63ca0', 7, 'session.started.v1', 'gatehouse.security', '2026-11-27 12:42:06.662787+00', '00-2309727fc98bfdfd507f9260d764eef6-fcb7cb6c103b5aa9-00', '{"userId":"01a21d06-f30f-7f06-a678-af0d0df63ca0","sessionId":"01a21d06-fbc6-7b38-8565-b9203329ee09","method":"password","endsAt":"2026-12-27T12:42:06.662787+00:00"}'),
	('01a21d06-fbc6-78df-b786-a6d4826ea64b', 0, 1, 768, 10, '00000000-0001-7000-8000-000000000001', '01a21d06-f30f-7f06-a678-af0d0df63ca0', 8, 'user.signed-in.v1', 'gatehouse.security', '2026-11-27 12:42:06.662787+00', '00-2309727fc98bfdfd507f9260d764eef6-fcb7cb6c103b5aa9-00', '{"userId":"01a21d06-f30f-7f06-a678-af0d0df63ca0","sessionId":"01a21d06-fbc6-7b38-8565-b9203329ee09","method":"password","knownDevice":false}'),
	('01a21d06-fc09-71ec-b0cd-c486f0ec9ba1', 0, 1, 771, 11, '00000000-0001-7000-8000-000000000001', '01a21d06-f30f-7f06-a678-af0d0df63ca0', 9, 'session.revoked.v1', 'gatehouse.security', '2026-11-27 12:42:06.729713+00', '00-5c2eecb12d09d6eb5760c3e060c5e88e-920dcddcc21a2c19-00', '{"userId":"01a21d06-f30f-7f06-a678-af0d0df63ca0","sessionId":"01a21d06-fbc6-7b38-8565-b9203329ee09","reason":"signed-out"}'),
	('01a21d06-fdc8-79bd-8abe-8705eba03ad2', 0, 1, 775, 12, '00000000-0001-7000-8000-000000000001', '01a21d06-f30f-7f06-a678-af0d0df63ca0', 10, 'session.started.v1', 'gatehouse.security', '2026-11-27 12:42:07.176698+00', '00-71f8048e962a243ee5555e31c07fb418-0188bfc30faa5beb-00', '{"userId":"01a21d06-f30f-7f06-a678-af0d0df63ca0","sessionId":"01a21d06-fdc8-797b-af25-40eefbf45324","method":"password","endsAt":"2026-12-27T12:42:07.176698+00:00"}'),
	('01a21d06-fdc8-7d7e-86ab-f351a07817a1', 0, 1, 775, 13, '00000000-0001-7000-8000-000000000001', '01a21d06-f30f-7f06-a678-af0d0df63ca0', 11, 'user.signed-in.v1', 'gatehouse.security', '2026-11-27 12:42:07.176698+00', '00-71f8048e962a243ee5555e31c07fb418-0188bfc30faa5beb-00', '{"userId":"01a21d06-f30f-7f06-a678-af0d0df63ca0","sessionId":"01a21d06-fdc8-797b-af25-40eefbf45324","method":"password","knownDevice":false}'),
	('01a21d06-feac-7275-bfaa-4fb53388e311', 6, 1, 779, 14, '00000000-0001-7000-8000-000000000001', '01a21d06-feac-7c95-a2b6-afb376acf546', NULL, 'notification.requested.v1', 'gatehouse.notifications', '2026-11-27 12:42:07.4045+00', '00-de8a5233dfa8db7113072fbd6cc2712a-2f8be19f176ca128-00', '{"notificationId":"01a21d06-feac-7716-a211-e1fadb21c309","channel":"email","template":"registration-code","language":"en","expiresAt":"2026-11-27T12:52:07.4045+00:00","personal":{"subject":"01a21d06-feac-7c95-a2b6-afb376acf546","data":"Acdv\u002BXrxrHjaBh1jbk0TtIH4RV\u002BySeiSfFd1NU\u002B0pQOox6oOFjEKvh0UPvjYAf6MW/d8Eao6ov83\u002BD7ysgE0fv4uGPso\u002BaZcLPLE259s7E7j3dOjBM1MoVw1EcrjSfdp6z2s1t1qHzYw1LexWhzJOm9VJADv/LvavXxfQoxaDMjH4Xe1NJQhR4ctiTu7i8rRrehO2Xh3ZfwAHMUSTSQaK07/cyOAUzErNa9dzFHAKRY76Mw2N8wHAOHUtJkjd9dQed2Y4trnJfWaOvND2Krt68NOS7X7B74mG4A1k1CGtJGrMCluPsthwdxp6KYl2zaXXEk06J63s3JVFwcHPrtFm32BoaZGvqfFHxEeimi0LT5FLOI6g\u002BUcan7icwQClg=="}}'),
	('01a21d06-ff09-7956-b1a9-f5274531d015', 6, 1, 785, 15, '00000000-0001-7000-8000-000000000001', '01a21d06-feac-7c95-a2b6-afb376acf546', NULL, 'notification.delivered.v1', 'gatehouse.notifications', '2026-11-27 12:42:07.497295+00', NULL, '{"notificationId":"01a21d06-feac-7716-a211-e1fadb21c309","channel":"email","sender":"inbox"}'),
	('01a21d06-ff3d-7611-8ba4-ec5c99d8ee42', 1, 1, 789, 16, '00000000-0001-7000-8000-000000000001', '01a21d06-ff3d-79e8-ba08-ba0a14055ad1', 1, 'user.registered.v1', 'gatehouse.users', '2026-11-27 12:42:07.549158+00', '00-cacdd10806577474b9f1b27da0ebb639-8fa98cd8a0443fbb-00', '{"userId":"01a21d06-ff3d-79e8-ba08-ba0a14055ad1","origin":"self","language":"en","personal":{"subject":"01a21d06-ff3d-79e8-ba08-ba0a14055ad1","data":"AYpaDP9ukmhP/ycMiM5N1UTWYpPN99UKaIEXT3U14nKiF\u002BNNaNKxAN9jZ4dgByuKJch45ndCKJ\u002BrVUGopE2w/uQZWMpK"}}'),
	('01a21d06-ff3d-756b-9a2a-c1d3d1b3529c', 1, 1, 789, 17, '00000000-0001-7000-8000-000000000001', '01a21d06-ff3d-79e8-ba08-ba0a14055ad1', 2, 'user.verified.v1', 'gatehouse.users', '2026-11-27 12:42:07.549158+00', '00-cacdd10806577474b9f1b27da0ebb639-8fa98cd8a0443fbb-00', '{"userId":"01a21d06-ff3d-79e8-ba08-ba0a14055ad1","channel":"email","method":"code"}'),
	('01a21d06-ff3d-7f0c-a2dc-784996c52a24', 1, 1, 789, 18, '00000000-0001-7000-8000-000000000001', '01a21d06-ff3d-79e8-ba08-ba0a14055ad1', 3, 'session.started.v1', 'gatehouse.security', '2026-11-27 12:42:07.549158+00', '00-cacdd10806577474b9f1b27da0ebb639-8fa98cd8a0443fbb-00', '{"userId":"01a21d06-ff3d-79e8-ba08-ba0a14055ad1","sessionId":"01a21d06-ff3d-7696-bc2a-2403f57f2ea7","method":"registration","endsAt":"2026-12-27T12:42:07.549158+00:00"}'),
	('01a21d07-02ef-7289-8569-4a8dc72a24ba', 14, 1, 831, 30, '00000000-0001-7000-8000-000000000001', '01a21d07-001b-728c-a1ab-a0f544303dde', 5, 'user.sign-in-failed.v1', 'gatehouse.security', '2026-11-27 12:42:08.495192+00', '00-d09117186139e77811eba1b4371e15e7-43077f186e1a394d-00', '{"userId":"01a21d07-001b-728c-a1ab-a0f544303dde","method":"password","failures":2}'),
	('01a21d06-ff99-7047-98b5-810b5e0e7615', 12, 1, 795, 19, '00000000-0001-7000-8000-000000000001', '01a21d06-ff99-71bd-82da-c53e44b65c2c', NULL, 'notification.requested.v1', 'gatehouse.notifications', '2026-11-27 12:42:07.641292+00', '00-02d64d01f0fae0873c085d011802cc90-aaf38ef151f42aec-00', '{"notificationId":"01a21d06-ff99-70ec-a592-056194cefb0b","channel":"email","template":"registration-code","language":"en","expiresAt":"2026-11-27T12:52:07.641292+00:00","personal":{"subject":"01a21d06-ff99-71bd-82da-c53e44b65c2c","data":"AdHMtEk7wOYUxisfC16WgrT5AuxuZHXf3vzjrlkkXE4XbhmrkzKpV8Sv6Mr//Qp82dZc/5A4sQWVTfxlNP21i2e4AmpS378cR3hS27YcSomKKI9yjaOdAI5w8ufgN0ledIhZ9BB09zEXHz3oAnsxYMqYU5cODIGcpTPFZBhccs\u002BxHH1YLpGKxbx6lENiFdHbAgGWm98LlbY\u002BIwHHSms6j1suqw8WqnvJ8wY9UrrUoIXw41adrDx2ycjE/wp4xO6SN3d8Vf1rFBHSSUd4ifCKV\u002BmjGor5\u002BNNdKwn8r2h/ZKsF44bdSPCDlffRoiVfQZbw3mrZFm2rCsfTRHMNF02FCqZH3x2ni7nftBaBUIAV7eUgSsZxMKKP/dNOAmzHbg=="}}'),
	('01a21d06-ffc0-7152-90d9-39682d7d9a4a', 12, 1, 801, 20, '00000000-0001-7000-8000-000000000001', '01a21d06-ff99-71bd-82da-c53e44b65c2c', NULL, 'notification.delivered.v1', 'gatehouse.notifications', '2026-11-27 12:42:07.680186+00', NULL, '{"notificationId":"01a21d06-ff99-70ec-a592-056194cefb0b","channel":"email","sender":"inbox"}'),
	('01a21d07-023c-7c26-b489-1371ff49e42d', 14, 1, 827, 29, '00000000-0001-7000-8000-000000000001', '01a21d07-001b-728c-a1ab-a0f544303dde', 4, 'user.sign-in-failed.v1', 'gatehouse.security', '2026-11-27 12:42:08.316023+00', '00-12f7f319fa808c743e9417baa2cbf5a3-b9ca912741ea3d8e-00', '{"userId":"01a21d07-001b-728c-a1ab-a0f544303dde","method":"password","failures":1}'),
	('01a21d07-001b-76f5-bbd5-b3c6da302bd8', 14, 1, 805, 21, '00000000-0001-7000-8000-000000000001', '01a21d07-001b-728c-a1ab-a0f544303dde', 1, 'user.registered.v1', 'gatehouse.users', '2026-11-27 12:42:07.771582+00', '00-cd78bf3d5cb9c2d1ff2880e1a6004aea-20dd9a095cd4b931-00', '{"userId":"01a21d07-001b-728c-a1ab-a0f544303dde","origin":"self","language":"en","personal":{"subject":"01a21d07-001b-728c-a1ab-a0f544303dde","data":"AazP2tit\u002BBYq6B1nW3LQYU/tHdMUde3zx3TW214ooBi1YcNIZQAMkjsERVW\u002B0QHS6nF6bqbMN7eB0YU0ALPU56OzWlDJ"}}'),
	('01a21d07-001b-79a1-bccf-d2abbf026ee9', 14, 1, 805, 22, '00000000-0001-7000-8000-000000000001', '01a21d07-001b-728c-a1ab-a0f544303dde', 2, 'user.verified.v1', 'gatehouse.users', '2026-11-27 12:42:07.771582+00', '00-cd78bf3d5cb9c2d1ff2880e1a6004aea-20dd9a095cd4b931-00', '{"userId":"01a21d07-001b-728c-a1ab-a0f544303dde","channel":"email","method":"code"}'),
	('01a21d07-001b-7ee4-96c5-fdaaed2b5a58', 14, 1, 805, 23, '00000000-0001-7000-8000-000000000001', '01a21d07-001b-728c-a1ab-a0f544303dde', 3, 'session.started.v1', 'gatehouse.security', '2026-11-27 12:42:07.771582+00', '00-cd78bf3d5cb9c2d1ff2880e1a6004aea-20dd9a095cd4b931-00', '{"userId":"01a21d07-001b-728c-a1ab-a0f544303dde","sessionId":"01a21d07-001b-7d07-a45a-d6c32b292257","method":"registration","endsAt":"2026-12-27T12:42:07.771582+00:00"}'),
	('01a21d07-00f6-77e3-9ee5-e71867550dfb', 1, 1, 811, 24, '00000000-0001-7000-8000-000000000001', '01a21d07-00f6-70b3-92d5-8736b8289f01', NULL, 'notification.requested.v1', 'gatehouse.notifications', '2026-11-27 12:42:07.990068+00', '00-3aa68d8cb3b4220c73e4cdf55cdeb478-a50cfb0f7e581b4c-00', '{"notificationId":"01a21d07-00f6-7478-a187-9f7aa04f052a","channel":"email","template":"registration-code","language":"en","expiresAt":"2026-11-27T12:52:07.990068+00:00","personal":{"subject":"01a21d07-00f6-70b3-92d5-8736b8289f01","data":"AQt7RuF/YPp9TJChcU/jvDuo6u9HwB86KyyYEm/ddcz8DBZ\u002BSMApdACHvYFxkI/IvaSbqd4Oe5MRxYhcrXwkSE\u002BvsuImkdM5AN5nUooOmh3AQ417HsL5\u002BS67trAFM9AnDkTklICimY6GKBPPK/tmB/DG8FyLcn/EMf36tSxaOcMihLDW1/kXDCKnbWKxAxt80GnYD2kfOv7BMUa2P9cq0y4Z1btJHidSTe67ziRoMwwiPSHIH5fcut\u002BESrEvOAwFi6fWaGeWFck\u002BVXxUe/A7YVxz46sg\u002B2NM4nmG9aks\u002BHkQ5LlV7RF6IDtgD7rXX6eKXFbZPS/tmG5camQWO5Zd1K2ZzUo97blxvjZkuKVLgWqLimSeioaoHpdbuQ=="}}'),
	('01a21d07-0167-72b7-9112-19379d5a9488', 1, 1, 817, 25, '00000000-0001-7000-8000-000000000001', '01a21d07-00f6-70b3-92d5-8736b8289f01', NULL, 'notification.delivered.v1', 'gatehouse.notifications', '2026-11-27 12:42:08.103174+00', NULL, '{"notificationId":"01a21d07-00f6-7478-a187-9f7aa04f052a","channel":"email","sender":"inbox"}'),
	('01a21d07-01bd-75ea-b3a4-e422a0288639', 6, 1, 821, 26, '00000000-0001-7000-8000-000000000001', '01a21d07-01bd-7ed5-a4a3-70051a619896', 1, 'user.registered.v1', 'gatehouse.users', '2026-11-27 12:42:08.189271+00', '00-fe8030f6b37f0bfc6380abdb9ee262d3-e65159a3965b6a73-00', '{"userId":"01a21d07-01bd-7ed5-a4a3-70051a619896","origin":"self","language":"en","personal":{"subject":"01a21d07-01bd-7ed5-a4a3-70051a619896","data":"AajvVTulT9i3Glaf0IoOwCMHBJaiT/kVUPioghxysgPkKnTS2F1FW5VkieM/6Q9OeXzo8k5xvBnbgdp\u002B\u002Br\u002B4iar6ZPvwJUE="}}'),
	('01a21d07-01bd-7aaf-b963-31812a5d7a33', 6, 1, 821, 27, '00000000-0001-7000-8000-000000000001', '01a21d07-01bd-7ed5-a4a3-70051a619896', 2, 'user.verified.v1', 'gatehouse.users', '2026-11-27 12:42:08.189271+00', '00-fe8030f6b37f0bfc6380abdb9ee262d3-e65159a3965b6a73-00', '{"userId":"01a21d07-01bd-7ed5-a4a3-70051a619896","channel":"email","method":"code"}'),
	('01a21d07-01bd-7998-95f6-c1c47eff7fc5', 6, 1, 821, 28, '00000000-0001-7000-8000-000000000001', '01a21d07-01bd-7ed5-a4a3-70051a619896', 3, 'session.started.v1', 'gatehouse.security', '2026-11-27 12:42:08.189271+00', '00-fe8030f6b37f0bfc6380abdb9ee262d3-e65159a3965b6a73-00', '{"userId":"01a21d07-01bd-7ed5-a4a3-70051a619896","sessionId":"01a21d07-01bd-7881-ad6d-a94e790f15e6","method":"registration","endsAt":"2026-12-27T12:42:08.189271+00:00"}'),
	('01a21d07-04f6-794b-bcf9-c1d35de3570c', 14, 1, 839, 32, '00000000-0001-7000-8000-000000000001', '01a21d07-001b-728c-a1ab-a0f544303dde', 7, 'user.sign-in-failed.v1', 'gatehouse.security', '2026-11-27 12:42:09.014547+00', '00-ce3d802b7b8907f30cf8d68e34abffea-6b4f938992a1a86d-00', '{"userId":"01a21d07-001b-728c-a1ab-a0f544303dde","method":"password","failures":4}'),
	('01a21d07-03b7-71ce-bb74-18ec9a23d2a3', 14, 1, 835, 31, '00000000-0001-7000-8000-000000000001', '01a21d07-001b-728c-a1ab-a0f544303dde', 6, 'user.sign-in-failed.v1', 'gatehouse.security', '2026-11-27 12:42:08.695008+00', '00-f62304e0ca16b68b783582007ef9f3fe-2cc661bfb52b3ac2-00', '{"userId":"01a21d07-001b-728c-a1ab-a0f544303dde","method":"password","failures":3}'),
	('01a21d07-0b44-7783-b823-59e49a8f97cb', 14, 1, 848, 34, '00000000-0001-7000-8000-000000000001', '01a21d07-001b-728c-a1ab-a0f544303dde', 9, 'user.sign-in-failed.v1', 'gatehouse.security', '2026-11-27 12:42:10.628402+00', '00-d511cfc7df82997a95b2cda0822107a6-f82b7f15bde35df3-00', '{"userId":"01a21d07-001b-728c-a1ab-a0f544303dde","method":"password","failures":6}'),
	('01a21d07-05a9-79f2-a196-d69ad62dec60', 14, 1, 843, 33, '00000000-0001-7000-8000-000000000001', '01a21d07-001b-728c-a1ab-a0f544303dde', 8, 'user.sign-in-failed.v1', 'gatehouse.security', '2026-11-27 12:42:09.193811+00', '00-3c5d0c61be087beea363fc9fe0b054c9-a23bf5f78c57a938-00', '{"userId":"01a21d07-001b-728c-a1ab-a0f544303dde","method":"password","failures":5}'),
	('01a21d07-dbfd-7a6a-9e60-2a5f3485de85', 4, 1, 866, 35, '00000000-0001-7000-8000-000000000001', '01a21d07-dbfd-7876-9fbd-dbd8daca77f4', 1, 'user.registered.v1', 'gatehouse.users', '2026-11-27 12:43:04.061047+00', NULL, '{"userId":"01a21d07-dbfd-7876-9fbd-dbd8daca77f4","origin":"operator","language":"en","personal":{"subject":"01a21d07-dbfd-7876-9fbd-dbd8daca77f4","data":"AV3U2C9/T4IAzugg\u002BaDZJp9EBFRe8fE1gQWgS2B1IeQm/FUhLungTF01MB80uieHZ1OvVmCIBmDD8o0SLQJPmtL5KVeAT6xiIyJicfx6/0pozinQgnVh4URye62EzHyN3h9ICQ=="}}'),
	('01a21d07-dbfd-7df3-ab31-02b1da91cb3c', 4, 1, 866, 36, '00000000-0001-7000-8000-000000000001', '01a21d07-dbfd-7876-9fbd-dbd8daca77f4', 2, 'user.verified.v1', 'gatehouse.users', '2026-11-27 12:43:04.061047+00', NULL, '{"userId":"01a21d07-dbfd-7876-9fbd-dbd8daca77f4","channel":"email","method":"operator"}'),
	('01a21d07-e8a2-731d-9eed-4e1292a38cf8', 3, 1, 874, 37, '00000000-0001-7000-8000-000000000001', '01a21d07-e8a2-70fd-adac-fce6ee5b9aa3', NULL, 'notification.requested.v1', 'gatehouse.notifications', '2026-11-27 12:43:07.298956+00', '00-75c2fc8e63933f65282ffd2026cb3ab7-f45ca2a2fe0fc0f8-00', '{"notificationId":"01a21d07-e8a2-79e0-84fd-a9aca1024f0f","channel":"email","template":"registration-code","language":"en","expiresAt":"2026-11-27T12:53:07.298956+00:00","personal":{"subject":"01a21d07-e8a2-70fd-adac-fce6ee5b9aa3","data":"AbX2bBZu02aF8HnZE3Sim9k7ghJGmoORmnj3cG4nao4gPR0ymIWG8hahBybRmav/sbUqBS4JxN57m07w7vcuTxXIHcndGZcHtpzSWwaex71UUHBxIQAu4aJ9F3s67VkBQuoZj/9MBLBHHtx8Lknu9oL13RVBp2asZoYnUC4A0gS2KKvF6ABliU2s9Mq4eT9ZwXkRaOLbUoE2UNNYWUcsOjEjPbzTWdrmL9TXshwWp7x3BsUe01TOQsV5c4n1km1jkyPhO4Yi2Lu3fU2Vc8JWWkdl8a7ih1LD9PdDKW36YUN6XjRIPiYRyi8xIpXOTj/1ItFyRuf1Le/bhfwef9GaInotEQXFYkWA/1FPbLWVy5sWJkhK9i13cqaNNg=="}}'),
	('01a21d07-eb5e-7c3b-89e9-5612ea253dd7', 3, 1, 880, 38, '00000000-0001-7000-8000-000000000001', '01a21d07-e8a2-70fd-adac-fce6ee5b9aa3', NULL, 'notification.delivered.v1', 'gatehouse.notifications', '2026-11-27 12:43:07.998469+00', NULL, '{"notificationId":"01a21d07-e8a2-79e0-84fd-a9aca1024f0f","channel":"email","sender":"inbox"}'),
	('01a21d08-d341-7288-a9e1-ff234a954e71', 3, 1, 970, 39, '00000000-0001-7000-8000-000000000001', '01a21d07-e8a2-70fd-adac-fce6ee5b9aa3', NULL, 'notification.requested.v1', 'gatehouse.notifications', '2026-11-27 12:44:07.361266+00', '00-4392cfdab78d1cded2c060c5656e591f-49cbbf995fd3fa5c-00', '{"notificationId":"01a21d08-d341-75da-9299-5c781c84887c","channel":"email","template":"registration-code","language":"en","expiresAt":"2026-11-27T12:54:07.361266+00:00","personal":{"subject":"01a21d07-e8a2-70fd-adac-fce6ee5b9aa3","data":"AZeVQnhkivNfecauxSVFUCD6HhWasxmIgy7fhwVid/IWypIfo\u002B\u002BSC0FLprepeD5HNX6bzWHKOFKFapQIaAZjlYgsmMMiTTAxVn6C\u002BSZHaIs8Zvv3aadfTiRFRIBMxPXjV57YKjT5Cbn4bKuVqLuCvfnqGFPT5EaRlXksM2PD12BPolPapqIH1PFdCzkdHNGymq5/WDApRLx/wkDQSFsQb3ldYa68g0a6ka7SMXBjWu5tufpq0thUEnFaHaHvh3YUP\u002BUg6ny1Dg0JuAiQDs5RoG4hr7PxmMjcESwFkx\u002BaPmX1PuP8JEBbiC5ZmPBNb5DWg8p8jV6HhIOgwXW5AHwIzA4mJSQ\u002BJ/CHv\u002B\u002BCs\u002BNRcg098Bzd51J0KGXRUQ=="}}'),
	('01a21d08-d363-79df-aeec-dbfb912dae97', 3, 1, 976, 40, '00000000-0001-7000-8000-000000000001', '01a21d07-e8a2-70fd-adac-fce6ee5b9aa3', NULL, 'notification.delivered.v1', 'gatehouse.notifications', '2026-11-27 12:44:07.395475+00', NULL, '{"notificationId":"01a21d08-d341-75da-9299-5c781c84887c","channel":"email","sender":"inbox"}'),
	('01a21d08-d411-71a7-8548-5672fb4dba06', 0, 1, 980, 41, '00000000-0001-7000-8000-000000000001', '01a21d08-d411-7b88-a0fa-3db24eee3780', NULL, 'notification.requested.v1', 'gatehouse.notifications', '2026-11-27 12:44:07.569583+00', '00-640b68c49bb8036c5752608e9222fae0-2494e3015be93b8a-00', '{"notificationId":"01a21d08-d411-7fd4-81b2-45c9136892c7","channel":"email","template":"registration-code","language":"en","expiresAt":"2026-11-27T12:54:07.569583+00:00","personal":{"subject":"01a21d08-d411-7b88-a0fa-3db24eee3780","data":"AeGEeECE9nIZmFoRrcnBBhBq05TaCfSUPWbSgcR8nB7y9LYBOxTn0CB14LXGUuAgSEUdxPciU5K9Mw0rPgL9n3dwojsH1bP/DU4KbMN6WAPFp2/y\u002BLsQZn9U3LHFIERTIEaouwRcgwGhtYvO2itoxNBvXC1xKXzq7JjrUgj0Fx/arEO/THU/QqlETchNV3Mj0mIQX0YqJZedY9VCkbpdy8xYdfwNCNU/\u002BTn8h3E6co1jKfUsoLWfmzieyaWJTNhfaCIF4i2g4tU1c2fQDtJTUe74Dd8OLJdSq91UHYkgcyleOknXJVYbu483//59Q0aReMJFKFuMhvWTcOIokYLLnhCf6/Vq0xSMNtUPJ3qxLOEeDZY5cEEM/bUFqyAHG5JaOAc="}}'),
	('01a21d08-d42a-752b-9c55-e0dc14945f4c', 0, 1, 986, 42, '00000000-0001-7000-8000-000000000001', '01a21d08-d411-7b88-a0fa-3db24eee3780', NULL, 'notification.delivered.v1', 'gatehouse.notifications', '2026-11-27 12:44:07.594408+00', NULL, '{"notificationId":"01a21d08-d411-7fd4-81b2-45c9136892c7","channel":"email","sender":"inbox"}'),
	('01a21d08-d529-7ba9-83e4-4706980fb2cb', 15, 1, 991, 43, '00000000-0001-7000-8000-000000000001', '01a21d08-d529-76f7-9224-91568f67f3bf', NULL, 'notification.requested.v1', 'gatehouse.notifications', '2026-11-27 12:44:07.849801+00', '00-c387adc8d75ee89e96962b6653ec7f37-e06faf17f9996185-00', '{"notificationId":"01a21d08-d529-78c6-a67c-2b629cbde1c9","channel":"email","template":"registration-code","language":"en","expiresAt":"2026-11-27T12:54:07.849801+00:00","personal":{"subject":"01a21d08-d529-76f7-9224-91568f67f3bf","data":"AbH2ZiFL1h/yFUdN4F2UmFeJxdinvgluOOWIouleapRFz/CwRe1I5lS0js42Ds1cR5se9o7tJJyVaLBrAG\u002B4SpOhSj0EFweZ0WLbRIqZoXDABf0WvGScIeHCYf4HXAhREDvgWr4EXZo32jm31zGoOyiMnw/rJc1lUk0IfJiQ52uhSJ\u002BeplRlGf4vvwc0RcrAVtD0PK6JWW0EGr1l4gkxi7pvm1WNzc2LAEocY0dgKv4Sho0EVbeHX7o\u002BUF0mhN35owwk/vKNrEjVZlgMASekQbyjTaNXTkIqTD7024C2ZMTYyR3NivbpcYsXRcP7UJsCeqdeQYwsas6Y3zIcLvu3Pjn9vvkjBcRO0p33X12ldnPr05IjCWcXON7dGnT69sEyE12qvpxS5XTC/BL0"}}'),
	('01a21d08-d543-7971-b275-1e1e8669d4b5', 15, 1, 997, 44, '00000000-0001-7000-8000-000000000001', '01a21d08-d529-76f7-9224-91568f67f3bf', NULL, 'notification.delivered.v1', 'gatehouse.notifications', '2026-11-27 12:44:07.875427+00', NULL, '{"notificationId":"01a21d08-d529-78c6-a67c-2b629cbde1c9","channel":"email","sender":"inbox"}'),
	('01a21d08-d652-7d47-b7e7-e032ec84b146', 15, 1, 1002, 45, '00000000-0001-7000-8000-000000000001', '01a21d08-d652-7a83-8111-9c66fe96c4df', NULL, 'notification.requested.v1', 'gatehouse.notifications', '2026-11-27 12:44:08.146493+00', '00-95539f8dc1b8e74748e51311a50587fe-60abfe4c99db6d17-00', '{"notificationId":"01a21d08-d652-7aab-a1a9-87e8ea246e59","channel":"email","template":"registration-code","language":"en","expiresAt":"2026-11-27T12:54:08.146493+00:00","personal":{"subject":"01a21d08-d652-7a83-8111-9c66fe96c4df","data":"Aek10VbvH9NvQwCryOGJsFwUl3AI/zlGomdJejPv4pBeExXyuVUr4p/\u002BUDF6ADwGGKqM99RMvoZsK1hyenahWI1k/zAAdBU7hOS/wMlmjmqriLg5PVc55V3Qg1Yyt2vba2rAxC5BENCJFVzMNz7boV6jBl\u002B3d1s\u002B7OKFmuf5AupDvhmBq0OGnD2ngSvooXaLSJj68ELZape7yJsfA/jsTP0XWHVEWYGz4JPGSG/vgTNCoOHpjwg3EZ5rxUTjJaBes5kxkb4Bt3i4PzGnhjsJbvns3QrczpywV0qMZZEMTfAt2y/n0t\u002BchG8ye9i2NTN48ctUvkfx1ZSdnV6ne54Dls9xwjZvYo3Z0JqPt\u002Bfx8yZku2SYQ/KJBGdt4A=="}}'),
	('01a21d08-d683-7d95-961f-e5ec1c80fe6d', 15, 1, 1011, 46, '00000000-0001-7000-8000-000000000001', '01a21d08-d652-7a83-8111-9c66fe96c4df', NULL, 'notification.delivered.v1', 'gatehouse.notifications', '2026-11-27 12:44:08.195932+00', NULL, '{"notificationId":"01a21d08-d652-7aab-a1a9-87e8ea246e59","channel":"email","sender":"inbox"}'),
	('01a21d08-d6a3-70da-bdd8-76ae2fe60060', 1, 1, 1015, 47, '00000000-0001-7000-8000-000000000001', '01a21d06-ff3d-79e8-ba08-ba0a14055ad1', 4, 'notification.requested.v1', 'gatehouse.notifications', '2026-11-27 12:44:08.227195+00', NULL, '{"notificationId":"01a21d08-d6a3-74d8-88da-b1bca8761cd6","channel":"email","template":"password-reset","language":"en","expiresAt":"2026-11-27T12:54:08.227195+00:00","personal":{"subject":"01a21d06-ff3d-79e8-ba08-ba0a14055ad1","data":"AUelFbM4heHs5zLcNKcnDprYdmi22ZKCQUcTOowYSvIQW6bqFX/WC/v04l9znEUR0wagSRp0P5mzUnqFvxNSWibpVwy\u002BevjpsnqIMovYE5VIpSbYkX2FdGUc38QKybU6BbmZy65N0mOgFBTIzEgVoDvvEGGx9VhH9aKoX9D1nYQ8qMAWaM3PEE\u002Ba6D99772jVSWBhAztm4EualAMWTkWZreiC2zXGIGaIp5fjizx2HIb6JxbV1cuM9zwU2i1rg46qnK3XoSp/mWiU\u002Bi2xcZ6AJLrg1O6Gx3QKSHTX5papBhCHiA8FzxjR3hdIMThOE4X1Y\u002Bi9NH2k44bhFb6M4g4FLsxiWiAAoajEia726lrU1CSCfvhR5efJxHmK4jYPpKMxDVzi75STgkN6Q1NcLKFyMnqNE5g8b6MGaQ/Un\u002B/lmeeGZiRXNqUOg=="}}'),
	('01a21d08-d6c7-75ec-8ec6-eab0ad7ffad8', 1, 1, 1020, 48, '00000000-0001-7000-8000-000000000001', '01a21d06-ff3d-79e8-ba08-ba0a14055ad1', NULL, 'notification.delivered.v1', 'gatehouse.notifications', '2026-11-27 12:44:08.263377+00', NULL, '{"notificationId":"01a21d08-d6a3-74d8-88da-b1bca8761cd6","channel":"email","sender":"inbox"}'),
	('01a21d08-d79c-7095-a2fa-1f4e90c31850', 4, 1, 1027, 49, '00000000-0001-7000-8000-000000000001', '01a21d07-dbfd-7876-9fbd-dbd8daca77f4', 3, 'notification.requested.v1', 'gatehouse.notifications', '2026-11-27 12:44:08.476411+00', NULL, '{"notificationId":"01a21d08-d79c-7369-8306-24bb985c94bf","channel":"email","template":"password-reset","language":"en","expiresAt":"2026-11-27T12:54:08.476411+00:00","personal":{"subject":"01a21d07-dbfd-7876-9fbd-dbd8daca77f4","data":"AaBDauTGfgdTc6tPBElCX0iZl0RTGQx5YFHHvSx1u86G6E6p/1A3BxrER1k84NspHTgu5bq\u002BiVXS5kdP9iYDEs7\u002BQjfY6KdxuAxiHqiLjK//wVbIZlWOYhAL\u002BxSAKCDpHJPNrcA0\u002BRJDQHFOEioRKm8D4I7v8/u741fJtwgwRugpGHLSNAbU7RsomyP\u002B9zNhprkEYVUF9Siq7m2yESS\u002BcqoWmouAplJT0s58vX/s8j4L9sWUg0ywBGyY0N7pi0lFEKQsMCy1GIPkPUJ98YU\u002B3UopgZTsiItD27x7xcMOJGqDf6TR8uKBzO9TFPdsDYpCsF1850aYVA\u002Bt6k9Pg1Nca7dsuJlCcy4S\u002BSz9U/wJ8f6rSe9pa/cervalXvabioxAja4Dhs/YToKpvcC3Thlj94Wd2dKf/xFm1vEg8dKaRqwEmyQGcTJg"}}'),
	('01a21d08-d7ab-79fa-8974-9d6788d9a30a', 4, 1, 1033, 50, '00000000-0001-7000-8000-000000000001', '01a21d07-dbfd-7876-9fbd-dbd8daca77f4', NULL, 'notification.delivered.v1', 'gatehouse.notifications', '2026-11-27 12:44:08.491692+00', NULL, '{"notificationId":"01a21d08-d79c-7369-8306-24bb985c94bf","channel":"email","sender":"inbox"}'),
	('01a21d08-d977-70ea-8765-e2cc720bbc88', 3, 1, 1037, 51, '00000000-0001-7000-8000-000000000001', '01a21d08-d977-749e-8d0c-a908c1431a73', NULL, 'notification.requested.v1', 'gatehouse.notifications', '2026-11-27 12:44:08.951517+00', '00-089e111ea2cd5074e5fef7fb2bfd6b01-598c73a3aaebc868-00', '{"notificationId":"01a21d08-d977-7fc5-b4ac-488d9498ab36","channel":"email","template":"registration-code","language":"en","expiresAt":"2026-11-27T12:54:08.951517+00:00","personal":{"subject":"01a21d08-d977-749e-8d0c-a908c1431a73","data":"ATOEmpyA6ewz2imkffCZADVXdsjBWtf6hBs6i8SiFLt7r4DLyygDN2z/xETY/RZa6CWDn/sId0V/DhyTu6fUvmWG60Bsv0oZk6F5r6F3ZWtqImwmP5dGLddDCl6A8fubGnGrWSD\u002B7pE8\u002BbjUWGUhO15NPOtQ/RF9nle1HyafWkCnmCitErdgbz9CTDqt2\u002BdIarxdlgTgcejVkPbYFz5bYxjqF\u002BcnlLNt9C2cZRNke0SUDPealBevBgUYckwd3v7jdjacaevzL2yueE8NLtCzxnWozTat7zq/R9YFocwYFdiVq6AXAPFftCTDiFEf177fs/dtJzyOe1SRMpuyjrLXQHA/Sr6mgS6fCytFhiRiWUP/TiRCpJuENU9ZXBBaDq72oDa0"}}'),
	('01a21d08-da60-7ae2-b2fd-5abd244197e3', 7, 1, 1043, 52, '00000000-0001-7000-8000-000000000001', '01a21d08-da60-7f31-8339-9acf31ca2fd7', NULL, 'notification.requested.v1', 'gatehouse.notifications', '2026-11-27 12:44:09.184015+00', '00-c9d47fd7e9fef2a54dc3ddb72d33da8d-3026e6454e4bb1a7-00', '{"notificationId":"01a21d08-da60-7177-a539-b054ecec7b28","channel":"email","template":"registration-code","language":"en","expiresAt":"2026-11-27T12:54:09.184015+00:00","personal":{"subject":"01a21d08-da60-7f31-8339-9acf31ca2fd7","data":"AdW7kU2ODVAGXjkXCHVGzkySqXt5qB2UyBntC5BkwW81J\u002BCG9V/7/kPDGB2XuU7iU88TZU016NfoDitpWTC4Wau9fbhKDrhhdY/FUMl807QXkSbUb3QgmOwRG13wmcmVBHgz8qR4EYbrjYboMlVe0LI0bUIoTLUkSJX/RGVXDW3EmNKkRlPN5mHp6YkGhh1pQiDUy/thP6AI/HM5IZdeyCUqROdhDPxLfluobVSCEdhXb99sQ5RiNE5UAfScovEsm9KJE/8bpCH59Xl/9uPCa2aMgvN0yhTWUKXXX6jTdhloM7U1mfVrVY1oh\u002B\u002By5exvL/TgkA6AU1PzEOoplpFKETzv8sag0wHVqlCSDkthvIwR9s0H\u002BV8cf4idZbfyExoN"}}');
INSERT INTO runtime.idempotency_keys VALUES
	('00000000-0001-7000-8000-000000000001', 'anonymous', 'POST /v1/registrations', '\xcedd5890c60cc5cc1ba4612c86fb6d510fc93700e01a980651f80fd507934174', '\x72aedfbef537223e03161ad0e66d6cc705e0ffc5d4d167a809f3e4967e9cbd90', '01a21d08-d5a0-7316-b9b9-bf389188d4a9', '\x017804398149eeac97d218d212d4a28e84d8c2dd8b2a8644f47110b11e96d8d46f0f61b6548ea8a1c15a7e54b20c0f07d2cf15c4ea7949cef9d58b82672c75fd60e6517b2eb27264b602356cf7185813b7e9bc6c6160e67231602d25cfd46b0c85e183c6517efab9010f63d890ed503e6af3e9f99610f862154bff471ea7c6e25ad1b52595073f19cea6909a89f42a618639fb4ac179e0cff8965ec4d93a053323293aa99f67f58df6ac0f029e6da1ce6cdd16254b18546173c8f9b1e110d050054340039515245449387f2557536207a19ab6436e6704ef2d83bd24e64e2ff787c4ecafab44ba86a63f26c683506255860bbb198b83b4cb01f714886d58edd4eecacb3b916b13e18f7e224c70abfb81385e086b262cd58f3d06192812002d095c39fe0cfd6cb16dd489f52567515fbe4dd0503087babbeac8e7226652af56534559ac33b3ffef402383a49656d1f5ba691639b02c6a3eb49c3a', '2026-11-27 12:44:07.96801+00');
INSERT INTO runtime.inbox_20261127 VALUES
	('01a21d06-edc5-78d8-b949-4d8328728f77', 'notifications.send', 'done'),
	('01a21d06-feac-7275-bfaa-4fb53388e311', 'notifications.send', 'done'),
	('01a21d06-ff99-7047-98b5-810b5e0e7615', 'notifications.send', 'done'),
	('01a21d07-00f6-77e3-9ee5-e71867550dfb', 'notifications.send', 'done'),
	('01a21d07-e8a2-731d-9eed-4e1292a38cf8', 'notifications.send', 'done'),
	('01a21d08-d341-7288-a9e1-ff234a954e71', 'notifications.send', 'done'),
	('01a21d08-d411-71a7-8548-5672fb4dba06', 'notifications.send', 'done'),
	('01a21d08-d529-7ba9-83e4-4706980fb2cb', 'notifications.send', 'done'),
	('01a21d08-d652-7d47-b7e7-e032ec84b146', 'notifications.send', 'done'),
	('01a21d08-d6a3-70da-bdd8-76ae2fe60060', 'notifications.send', 'done'),
	('01a21d08-d79c-7095-a2fa-1f4e90c31850', 'notifications.send', 'done'),
	('01a21d08-d977-70ea-8765-e2cc720bbc88', 'notifications.send', 'done');
INSERT INTO runtime.jobs VALUES
	('01a21d08-d977-7fc5-b4ac-488d9498ab36', 'notifications.send-mail', '{"tenantId":"00000000-0001-7000-8000-000000000001","key":"01a21d08-d977-749e-8d0c-a908c1431a73","request":{"notificationId":"01a21d08-d977-7fc5-b4ac-488d9498ab36","channel":"email","template":"registration-code","language":"en","expiresAt":"2026-11-27T12:54:08.951517+00:00","personal":{"subject":"01a21d08-d977-749e-8d0c-a908c1431a73","data":"ATOEmpyA6ewz2imkffCZADVXdsjBWtf6hBs6i8SiFLt7r4DLyygDN2z/xETY/RZa6CWDn/sId0V/DhyTu6fUvmWG60Bsv0oZk6F5r6F3ZWtqImwmP5dGLddDCl6A8fubGnGrWSD\u002B7pE8\u002BbjUWGUhO15NPOtQ/RF9nle1HyafWkCnmCitErdgbz9CTDqt2\u002BdIarxdlgTgcejVkPbYFz5bYxjqF\u002BcnlLNt9C2cZRNke0SUDPealBevBgUYckwd3v7jdjacaevzL2yueE8NLtCzxnWozTat7zq/R9YFocwYFdiVq6AXAPFftCTDiFEf177fs/dtJzyOe1SRMpuyjrLXQHA/Sr6mgS6fCytFhiRiWUP/TiRCpJuENU9ZXBBaDq72oDa0"}}}', 'ready', '2026-11-27 12:44:08.956408+00', 1, '01a21d07-e15b-72b1-8d99-f6695ee9ff39', '2026-11-27 12:45:08.95887+00', NULL, NULL, '2026-11-27 12:44:08.956408+00'),
	('01a21d08-db84-75c3-bed7-e3f28feec503', 'identity.send-reset-message', '{"tenant":"00000000-0001-7000-8000-000000000001","reset":"01a21d08-db84-7e4c-996a-1f390a16418d","send":1,"network":"127.0.0.0/24","device":""}', 'ready', '2026-11-27 12:44:09.476911+00', 1, '01a21d07-e15b-72b1-8d99-f6695ee9ff39', '2026-11-27 12:45:09.486373+00', NULL, '00-c24827f3e5ccfb1cc6bab65399c263fd-a451f95e8fb6f890-00', '2026-11-27 12:44:09.476911+00');
INSERT INTO runtime.lanes VALUES
	(0, '01a21d07-e15b-72b1-8d99-f6695ee9ff39', '2026-11-27 12:44:21.620073+00', 1, 986, 42),
	(15, '01a21d07-e15b-72b1-8d99-f6695ee9ff39', '2026-11-27 12:44:21.620073+00', 1, 1011, 46),
	(1, '01a21d07-e15b-72b1-8d99-f6695ee9ff39', '2026-11-27 12:44:21.620073+00', 1, 1020, 48),
	(4, '01a21d07-e15b-72b1-8d99-f6695ee9ff39', '2026-11-27 12:44:21.620073+00', 1, 1033, 50),
	(3, '01a21d07-e15b-72b1-8d99-f6695ee9ff39', '2026-11-27 12:44:21.620073+00', 1, 1037, 51),
	(2, '01a21d07-e15b-72b1-8d99-f6695ee9ff39', '2026-11-27 12:44:21.620073+00', 0, 0, 0),
	(5, '01a21d07-e15b-72b1-8d99-f6695ee9ff39', '2026-11-27 12:44:21.620073+00', 0, 0, 0),
	(7, '01a21d07-e15b-72b1-8d99-f6695ee9ff39', '2026-11-27 12:44:21.620073+00', 1, 749, 2),
	(8, '01a21d07-e15b-72b1-8d99-f6695ee9ff39', '2026-11-27 12:44:21.620073+00', 0, 0, 0),
	(9, '01a21d07-e15b-72b1-8d99-f6695ee9ff39', '2026-11-27 12:44:21.620073+00', 0, 0, 0),
	(10, '01a21d07-e15b-72b1-8d99-f6695ee9ff39', '2026-11-27 12:44:21.620073+00', 0, 0, 0),
	(11, '01a21d07-e15b-72b1-8d99-f6695ee9ff39', '2026-11-27 12:44:21.620073+00', 0, 0, 0),
	(12, '01a21d07-e15b-72b1-8d99-f6695ee9ff39', '2026-11-27 12:44:21.620073+00', 1, 801, 20),
	(13, '01a21d07-e15b-72b1-8d99-f6695ee9ff39', '2026-11-27 12:44:21.620073+00', 0, 0, 0),
	(14, '01a21d07-e15b-72b1-8d99-f6695ee9ff39', '2026-11-27 12:44:21.620073+00', 1, 848, 34),
	(6, '01a21d07-e15b-72b1-8d99-f6695ee9ff39', '2026-11-27 12:44:21.620073+00', 1, 821, 28);
INSERT INTO runtime.log_epochs VALUES
	(1, '2026-11-27 12:41:58.371841+00');
INSERT INTO runtime.nodes VALUES
	('01a21d07-e15b-72b1-8d99-f6695ee9ff39', '2026-11-27 12:44:06.620073+00');
INSERT INTO runtime.schedules VALUES
	('runtime.housekeeping', '2026-11-27 13:41:59.396087+00'),
	('identity.purge-registrations', '2026-11-27 12:46:59.396087+00'),
	('identity.settle-person-keys', '2026-11-27 12:51:59.396087+00'),
	('identity.keep-signing-keys', '2026-11-27 13:41:59.396087+00'),
	('identity.purge-sessions', '2026-11-27 12:51:59.396087+00'),
	('identity.purge-password-resets', '2026-11-27 12:46:59.396087+00'),
	('notifications.purge', '2026-11-27 13:41:59.396087+00'),
	('audit.trim', '2026-11-27 13:41:59.396087+00'),
	('audit.seal', '2026-11-27 12:45:00.463795+00');
SELECT pg_catalog.setval('runtime.audit_order', 43, true);
SELECT pg_catalog.setval('runtime.event_order', 52, true);
SELECT pg_catalog.setval('runtime.parked_position_seq', 1, false);
ALTER TABLE ONLY gatehouse.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (module, version);
ALTER TABLE ONLY identity.code_quotas
    ADD CONSTRAINT code_quotas_pkey PRIMARY KEY (tenant_id, kind, index_version, blind_index);
ALTER TABLE ONLY identity.identifiers
    ADD CONSTRAINT identifiers_taken PRIMARY KEY (tenant_id, kind, index_version, blind_index);
ALTER TABLE ONLY identity.password_resets
    ADD CONSTRAINT password_resets_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY identity.registrations
    ADD CONSTRAINT registrations_link_unique UNIQUE (tenant_id, link_hash);
ALTER TABLE ONLY identity.registrations
    ADD CONSTRAINT registrations_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY identity.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY identity.sign_in_failures
    ADD CONSTRAINT sign_in_failures_pkey PRIMARY KEY (tenant_id, subject, lane);
ALTER TABLE ONLY identity.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY identity.users
    ADD CONSTRAINT users_username_taken UNIQUE (tenant_id, username_key);
ALTER TABLE ONLY notifications.inbox_messages
    ADD CONSTRAINT inbox_messages_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY notifications.sent_messages
    ADD CONSTRAINT sent_messages_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY notifications.suppressions
    ADD CONSTRAINT suppressions_pkey PRIMARY KEY (tenant_id, address_index);
ALTER TABLE ONLY runtime.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY runtime.audit_20261101
    ADD CONSTRAINT audit_20261101_pkey PRIMARY KEY (tenant_id, id);
ALTER TABLE ONLY runtime.audit_batches
    ADD CONSTRAINT audit_batches_pkey PRIMARY KEY (number);
ALTER TABLE ONLY runtime.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (id);
ALTER TABLE ONLY runtime.events_20261126
    ADD CONSTRAINT events_20261126_pkey PRIMARY KEY (id);
ALTER TABLE ONLY runtime.events_20261127
    ADD CONSTRAINT events_20261127_pkey PRIMARY KEY (id);
ALTER TABLE ONLY runtime.events_20261128
    ADD CONSTRAINT events_20261128_pkey PRIMARY KEY (id);
ALTER TABLE ONLY runtime.events_20261129
    ADD CONSTRAINT events_20261129_pkey PRIMARY KEY (id);
ALTER TABLE ONLY runtime.events_20261130
    ADD CONSTRAINT events_20261130_pkey PRIMARY KEY (id);
ALTER TABLE ONLY runtime.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (tenant_id, caller, route, key_hash);
ALTER TABLE ONLY runtime.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (event_id, subscriber);
ALTER TABLE ONLY runtime.inbox_20261126
    ADD CONSTRAINT inbox_20261126_pkey PRIMARY KEY (event_id, subscriber);
ALTER TABLE ONLY runtime.inbox_20261127
    ADD CONSTRAINT inbox_20261127_pkey PRIMARY KEY (event_id, subscriber);
ALTER TABLE ONLY runtime.inbox_20261128
    ADD CONSTRAINT inbox_20261128_pkey PRIMARY KEY (event_id, subscriber);
ALTER TABLE ONLY runtime.inbox_20261129
    ADD CONSTRAINT inbox_20261129_pkey PRIMARY KEY (event_id, subscriber);
ALTER TABLE ONLY runtime.inbox_20261130
    ADD CONSTRAINT inbox_20261130_pkey PRIMARY KEY (event_id, subscriber);
ALTER TABLE ONLY runtime.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY runtime.lanes
    ADD CONSTRAINT lanes_pkey PRIMARY KEY (lane);
ALTER TABLE ONLY runtime.log_epochs
    ADD CONSTRAINT log_epochs_pkey PRIMARY KEY (epoch);
ALTER TABLE ONLY runtime.nodes
    ADD CONSTRAINT nodes_pkey PRIMARY KEY (id);
ALTER TABLE ONLY runtime.parked
    ADD CONSTRAINT parked_pkey PRIMARY KEY (subscriber, event_id);
ALTER TABLE ONLY runtime.schedules
    ADD CONSTRAINT schedules_pkey PRIMARY KEY (name);
CREATE INDEX code_quotas_expiry ON identity.code_quotas USING btree (window_ends_at);
CREATE INDEX identifiers_of_user ON identity.identifiers USING btree (tenant_id, user_id);
CREATE INDEX password_resets_expiry ON identity.password_resets USING btree (expires_at);
CREATE INDEX registrations_expiry ON identity.registrations USING btree (expires_at);
CREATE INDEX sessions_expiry ON identity.sessions USING btree (ends_at);
CREATE INDEX sessions_of_user ON identity.sessions USING btree (tenant_id, user_id) WHERE (ended_at IS NULL);
CREATE INDEX sessions_revoked ON identity.sessions USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX sign_in_failures_age ON identity.sign_in_failures USING btree (failed_at);
CREATE INDEX sign_in_failures_of_account ON identity.sign_in_failures USING btree (tenant_id, account);
CREATE INDEX inbox_messages_newest ON notifications.inbox_messages USING btree (sent_at DESC);
CREATE INDEX sent_messages_oldest ON notifications.sent_messages USING btree (sent_at);
CREATE INDEX audit_chain_order ON ONLY runtime.audit USING btree (epoch, xid, seq);
CREATE INDEX audit_20261101_epoch_xid_seq_idx ON runtime.audit_20261101 USING btree (epoch, xid, seq);
CREATE INDEX audit_of_subject ON ONLY runtime.audit USING btree (tenant_id, subject, id) WHERE ((subject IS NOT NULL) AND (action <> 'session.refreshed'::text));
CREATE INDEX audit_20261101_tenant_id_subject_id_idx ON runtime.audit_20261101 USING btree (tenant_id, subject, id) WHERE ((subject IS NOT NULL) AND (action <> 'session.refreshed'::text));
CREATE INDEX events_log_order ON ONLY runtime.events USING btree (lane, epoch, xid, seq);
CREATE INDEX events_20261126_lane_epoch_xid_seq_idx ON runtime.events_20261126 USING btree (lane, epoch, xid, seq);
CREATE INDEX events_20261127_lane_epoch_xid_seq_idx ON runtime.events_20261127 USING btree (lane, epoch, xid, seq);
CREATE INDEX events_20261128_lane_epoch_xid_seq_idx ON runtime.events_20261128 USING btree (lane, epoch, xid, seq);
CREATE INDEX events_20261129_lane_epoch_xid_seq_idx ON runtime.events_20261129 USING btree (lane, epoch, xid, seq);
CREATE INDEX events_20261130_lane_epoch_xid_seq_idx ON runtime.events_20261130 USING btree (lane, epoch, xid, seq);
CREATE INDEX idempotency_keys_age ON runtime.idempotency_keys USING btree (created_at);
CREATE INDEX jobs_due ON runtime.jobs USING btree (run_at) WHERE (state = 'ready'::text);
CREATE INDEX parked_due ON runtime.parked USING btree (next_attempt_at) WHERE (state = 'retrying'::text);
CREATE INDEX parked_order ON runtime.parked USING btree (subscriber, key, "position");
ALTER INDEX runtime.audit_chain_order ATTACH PARTITION runtime.audit_20261101_epoch_xid_seq_idx;
ALTER INDEX runtime.audit_pkey ATTACH PARTITION runtime.audit_20261101_pkey;
ALTER INDEX runtime.audit_of_subject ATTACH PARTITION runtime.audit_20261101_tenant_id_subject_id_idx;
ALTER INDEX runtime.events_log_order ATTACH PARTITION runtime.events_20261126_lane_epoch_xid_seq_idx;
ALTER INDEX runtime.events_pkey ATTACH PARTITION runtime.events_20261126_pkey;
ALTER INDEX runtime.events_log_order ATTACH PARTITION runtime.events_20261127_lane_epoch_xid_seq_idx;
ALTER INDEX runtime.events_pkey ATTACH PARTITION runtime.events_20261127_pkey;
ALTER INDEX runtime.events_log_order ATTACH PARTITION runtime.events_20261128_lane_epoch_xid_seq_idx;
ALTER INDEX runtime.events_pkey ATTACH PARTITION runtime.events_20261128_pkey;
ALTER INDEX runtime.events_log_order ATTACH PARTITION runtime.events_20261129_lane_epoch_xid_seq_idx;
ALTER INDEX runtime.events_pkey ATTACH PARTITION runtime.events_20261129_pkey;
ALTER INDEX runtime.events_log_order ATTACH PARTITION runtime.events_20261130_lane_epoch_xid_seq_idx;
ALTER INDEX runtime.events_pkey ATTACH PARTITION runtime.events_20261130_pkey;
ALTER INDEX runtime.inbox_pkey ATTACH PARTITION runtime.inbox_20261126_pkey;
ALTER INDEX runtime.inbox_pkey ATTACH PARTITION runtime.inbox_20261127_pkey;
ALTER INDEX runtime.inbox_pkey ATTACH PARTITION runtime.inbox_20261128_pkey;
ALTER INDEX runtime.inbox_pkey ATTACH PARTITION runtime.inbox_20261129_pkey;
ALTER INDEX runtime.inbox_pkey ATTACH PARTITION runtime.inbox_20261130_pkey;
