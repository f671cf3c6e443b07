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
	('runtime', 1, 'V001__runtime', 'b2bd3deb960d9ed3d3e2aabf677f8d5b053e911a734abb6563ccb4492cd1ee9a', '2026-11-27 12:45:30.72388+00'),
	('runtime', 2, 'V002__audit', 'f60045ffe629e9ee0a5220c92f4fdd3136b3c1bca477edcd3654ead00d906e58', '2026-11-27 12:45:30.835606+00'),
	('identity', 1, 'V001__accounts', '56540c5e5061e1071c7c3bc000bccff9b73611949eae209013384d1693458a24', '2026-11-27 12:45:30.968616+00'),
	('identity', 2, 'V002__sessions', '6c122055361aa2ad58af5fd1b4e42c0faa27d6370c49afc77784f1d865b43a68', '2026-11-27 12:45:31.067157+00'),
	('identity', 3, 'V003__password_resets', '9baa854ac05bbebf454ced0aa338157a8ba528488dbb50e716818e5a162449d0', '2026-11-27 12:45:31.107555+00'),
	('identity', 4, 'V004__profile', 'db83489ec755b55e10695eaa0c191879a42f571182e1d40b1fe0c75cd1405e25', '2026-11-27 12:45:31.135496+00'),
	('notifications', 1, 'V001__inbox', '97af9f4a32bd9a81361c51e874d1e6f8d90fcfafc5437bb7e80687f8fecd2c11', '2026-11-27 12:45:31.215574+00'),
	('notifications', 2, 'V002__suppressions', '007ada92d1de4b488eaac4c7003a9e62a2c65850a3f9cf81957c8a8f5b3e35aa', '2026-11-27 12:45:31.267886+00');
INSERT INTO identity.code_quotas VALUES
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\x19a0fdf6d0b61d4b48edaee1012422be0f457aca91b0660985f6b5a6e20c28b1', '2026-11-28 12:45:36.547873+00', 1),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\x631974ef16805d5c516d4fcd172012f4204cb8ecad9597b2336cbbd9a19015ec', '2026-11-28 12:45:39.903582+00', 1),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\x25e05d59c6408729174b8ef7d31069e430dbd121f5c70f5d7266cdbf67aa78f6', '2026-11-28 12:47:31.764892+00', 1),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\x25d949ba5fabea1ca34e945ebaf7e80732894eb08c0ae2b85f1ea7379b385507', '2026-11-28 12:47:38.031175+00', 2),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\xc875b909bff8f596cff648007675ef46fe2dab87d4580a5062cb224507a55765', '2026-11-28 12:48:38.729873+00', 1),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\xd99a772b207188f4c627af42dbe693c1f5e90beb38f7af95deedbea7e3a0404f', '2026-11-28 12:48:39.243586+00', 1),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\x010fed4de8ed42d823e77229ea821a00e94792a157425c938dbc625f96ac1f93', '2026-11-28 12:48:39.723553+00', 1),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\x6d4ca4b736b89b39c652cac4a151efe9805792d3dd42b22f29e93f23e4e51f46', '2026-11-28 12:45:39.400252+00', 2),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\x861b00cbaa2b679058d4b350747b7cd3468007ccbfe56ed30be9dd03f9dc4f36', '2026-11-28 12:48:40.896285+00', 1),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\xf21a044c98ca0bd1e2e0323e05c4e1aff043395bbbb679a8841b6c9be9819d83', '2026-11-28 12:48:41.859527+00', 1),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\x1add0499b9d6637e0ff1ba447727bcd1be818d720761f15b037faf7a98070f1b', '2026-11-28 12:48:42.697214+00', 1),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\x03c6b8eedd491eb5ca6911955245d038943a72f7af530e23b1dafa0cdec82a3f', '2026-11-28 12:45:40.396728+00', 2);
INSERT INTO identity.identifiers VALUES
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\x19a0fdf6d0b61d4b48edaee1012422be0f457aca91b0660985f6b5a6e20c28b1', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3'),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\x6d4ca4b736b89b39c652cac4a151efe9805792d3dd42b22f29e93f23e4e51f46', '01a21d0a-3b79-7106-9d6e-7e5784f1a740'),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\x631974ef16805d5c516d4fcd172012f4204cb8ecad9597b2336cbbd9a19015ec', '01a21d0a-3d44-7d06-8ad7-a7913906c904'),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\x03c6b8eedd491eb5ca6911955245d038943a72f7af530e23b1dafa0cdec82a3f', '01a21d0a-3ff0-7a6b-9bc2-739bc53e5c99'),
	('00000000-0001-7000-8000-000000000001', 'email', 1, '\x861b00cbaa2b679058d4b350747b7cd3468007ccbfe56ed30be9dd03f9dc4f36', '01a21d0b-7468-7d0c-83ae-e1ae2901ad90');
INSERT INTO identity.password_resets VALUES
	('00000000-0001-7000-8000-000000000001', '01a21d0c-fb92-7831-8994-33926e4c27c3', 'email', 1, '\x6d4ca4b736b89b39c652cac4a151efe9805792d3dd42b22f29e93f23e4e51f46', '\x010771249ecda7d1d7f8de67a0333a548aa0baa6b22acc8e086e1f3ce2fe71558ff70932352c0a339efee77c', '01a21d0a-3b79-7106-9d6e-7e5784f1a740', '\x1bb7b2fa8e3e19c24e15cabb88f913732ef2ffd53408c0aefaac410fad1aa178', '2026-11-27 12:58:40.00585+00', 2, '\x579d0f474340e35196659fe2cb42a310b184442e796afed0b6f23f4e30144910', 1, '2026-11-27 12:49:39.826953+00', NULL, '2026-11-27 12:48:39.826953+00', '2026-11-27 13:18:40.00585+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d0c-ffc0-7712-b354-d238a54108a9', 'email', 1, '\x861b00cbaa2b679058d4b350747b7cd3468007ccbfe56ed30be9dd03f9dc4f36', '\x01836f1f12f617aea93a3079899aa03e729efcfa2f922e498a8beadf89cf6a01f18a6c0a06468f25d74fc961d035', '01a21d0b-7468-7d0c-83ae-e1ae2901ad90', '\x3b98759f1d89e4ba9e654249a1840dcc574f955c13c86ece0f0c333d5dfb204a', '2026-11-27 12:58:40.985975+00', 3, '\x58fff2b5661689d5638ebef9c3be48bee9d419960af2b04522e626466db96de0', 1, '2026-11-27 12:49:40.896285+00', NULL, '2026-11-27 12:48:40.896285+00', '2026-11-27 13:18:40.985975+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d0d-086f-7e4b-a21f-ddcff4aa97c0', 'email', 1, '\x03c6b8eedd491eb5ca6911955245d038943a72f7af530e23b1dafa0cdec82a3f', '\x01eac0cd262f5fb66ab45c73670129bd73ef38573a3f56d040d29942beb0d2383f7f8928a70c16a90ca4fc8680', NULL, '\x9979a11ca15baa8b13b2eca0408b739a2d6c857c3d908fa778ab6ac2fd3841a0', '2026-11-27 12:58:43.119947+00', 3, '\xee134d24259b0ca0b0cb26f38aaf26daaee209028516368bb8876e5bc1011ee2', 1, '2026-11-27 12:49:43.119947+00', NULL, '2026-11-27 12:48:43.119947+00', '2026-11-27 13:18:43.119947+00');
INSERT INTO identity.registrations VALUES
	('00000000-0001-7000-8000-000000000001', '01a21d0a-2fa3-7af4-ad97-9da63a1c1fb2', 1, '\x19a0fdf6d0b61d4b48edaee1012422be0f457aca91b0660985f6b5a6e20c28b1', '\x', NULL, 'en', '\x27543f9e21df4124ef3561719d0bb4376c98559394e70cd265824d81ab63b75c', '2026-11-27 12:55:36.547873+00', 5, '\x19af099629a9350c8b62f84e47098a21eee1a56ceb9a60f35a4face96ec1b031', 1, '2026-11-27 12:46:36.547873+00', '2026-11-27 12:45:37.575707+00', '2026-11-27 12:45:36.547873+00', '2026-11-28 12:45:36.547873+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d0a-3ac8-75fa-b254-e2eabc0d1e16', 1, '\x6d4ca4b736b89b39c652cac4a151efe9805792d3dd42b22f29e93f23e4e51f46', '\x', NULL, 'en', '\x4e9536e2850bd6888634f61251cc7b62a07ca750251cb6b7f4f1f475477013da', '2026-11-27 12:55:39.400252+00', 5, '\x5b0f64e2ab470a440853b8bf7a5b0c36f4f50d8cdcadea6ed68a1f91682cf174', 1, '2026-11-27 12:46:39.400252+00', '2026-11-27 12:45:39.577298+00', '2026-11-27 12:45:39.400252+00', '2026-11-28 12:45:39.400252+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d0a-3cbf-7565-845d-a72f5f59b54a', 1, '\x631974ef16805d5c516d4fcd172012f4204cb8ecad9597b2336cbbd9a19015ec', '\x', NULL, 'en', '\x8caf6cb18d5743d4fb027d775fee24bb6ab934dbbc69ffb2032e542ffc1cf65e', '2026-11-27 12:55:39.903582+00', 5, '\x3e102704d30eb3dd7c8c33a5c12db181ba86562f70c4b07214d79b87c1633f3a', 1, '2026-11-27 12:46:39.903582+00', '2026-11-27 12:45:40.036591+00', '2026-11-27 12:45:39.903582+00', '2026-11-28 12:45:39.903582+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d0a-3eac-7702-8e14-081b6b56d20d', 1, '\x03c6b8eedd491eb5ca6911955245d038943a72f7af530e23b1dafa0cdec82a3f', '\x', NULL, 'en', '\x4d97385eb93dc93f477ca36d8d9e3be8dba181552f801cba41f2e0c2f3ea7ece', '2026-11-27 12:55:40.396728+00', 5, '\xf5f71a1bc24d300f0d3f82c743d83f73b959ae2979aeac17d54f90f044c9a3d1', 1, '2026-11-27 12:46:40.396728+00', '2026-11-27 12:45:40.720357+00', '2026-11-27 12:45:40.396728+00', '2026-11-28 12:45:40.396728+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d0b-f1b4-7a91-9679-354dd6cc7454', 1, '\x25e05d59c6408729174b8ef7d31069e430dbd121f5c70f5d7266cdbf67aa78f6', '\x01f16b1bfab2932ea00375a9c7fa5b09214645aedb22441ce891143394d435de877af426824f31854382dd203f0ba8e4458e2ec86084e8b5aaa333f07244fd17f96dcc7472da104f4134d5566884ac69b5d326b85ed8391735', '$argon2id$v=19$m=32768,t=3,p=1$A4SK5SEoTNg8JCriSm80kw$nv1QmJcfutnpxfI7Y08nLHv5GO1qeiaV2saCN5juUzU', 'en', '\x1149829284945394b4d4487e1f3b013822faaac9681e4b050c028394792687b8', '2026-11-27 12:57:31.764892+00', 5, '\x5591a745cd15a1acb725f40ad3ff98d5be5be1f1b4891b5f3a2d88b136a7b150', 1, '2026-11-27 12:48:31.764892+00', NULL, '2026-11-27 12:47:31.764892+00', '2026-11-28 12:47:31.764892+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d0c-0a2f-7cac-97f2-cb765b406110', 1, '\x25d949ba5fabea1ca34e945ebaf7e80732894eb08c0ae2b85f1ea7379b385507', '\x01511183c565cfb670790834000d40e82032919aef882a319e956d45a11bfcc214365cb50ad8b92b7c5ffc47433f5d4da354c4450bf53695b99663158aa9b04b57359ff3392b3b6c6be3951e4927ac35809db26fb3791c', '$argon2id$v=19$m=32768,t=3,p=1$4Qey3JAfMRXnkRHVmf4d7w$81isUKW9I+ozfq0jSOD+uESKzTD7zlU1QB82zbWM92I', 'en', '\xbb5b27e9dd44401b0db6c45c642cb6334995a6e89f7a0f0ca775af5726053411', '2026-11-27 12:58:38.088555+00', 5, '\xa4bc2fd3c90d1447ca03df823f6be3cb8211bd8f4765b9b81958b6e272fd4025', 2, '2026-11-27 12:50:38.088555+00', NULL, '2026-11-27 12:47:38.031175+00', '2026-11-28 12:47:38.031175+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d0c-f749-7340-a505-4a6fc1055e30', 1, '\xc875b909bff8f596cff648007675ef46fe2dab87d4580a5062cb224507a55765', '\x01dc17ca098391868f9aee342713d0db68b180a6ab7e279aa60c609b19cbdc96e6c2111f0104ebff95813c086c4d585783bfb6f46696340e3f94b2484c3caf3040fbd2d6431fcf5973282a11921fae9872907d60908de89574', '$argon2id$v=19$m=32768,t=3,p=1$pOKJOYPmH8REqi4fAv9jrw$2vzBkt5l569n62c9bjkK7xTMejjy0VMUS8U5xIN/tOs', 'en', '\xdec68d979f3f34e4bf891dd63147d643a13334f9883f539036e605aa766f2667', '2026-11-27 12:58:38.729873+00', 4, '\xe7766a14551eea00953613b8b33571f4dc89000781b9d421d6179e146695e310', 1, '2026-11-27 12:49:38.729873+00', NULL, '2026-11-27 12:48:38.729873+00', '2026-11-28 12:48:38.729873+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d0c-f94b-75c7-9a57-a3017c3e0915', 1, '\xd99a772b207188f4c627af42dbe693c1f5e90beb38f7af95deedbea7e3a0404f', '\x013f27d1ccf646f17c8bf04f9c3b4001221d3e89f5ccef2a1a6b7e5abf48cfb92f5c997011b06bab44ab360de2755e67698e4d8d0f23f428f5d1db573d3aa04ef04938148f421093c592eeb65dd331987f8dc96f520a934c43', '$argon2id$v=19$m=32768,t=3,p=1$xBpJoEPU/dUum7SM3q/p+g$r5rJJYWiFDo/eOLcEdwHyW0qPIsu8wDHMqp4EZHXZmc', 'en', '\x7c4aaca0522b08ff58ec362b2ad7f35565cea1bb8c0558151af69e531e3737b4', '2026-11-27 12:58:39.243586+00', 5, '\x98dc2b9f02b24c72903bb83892186c8a1a0fa6c8833a26c2b205c377a54a68d9', 1, '2026-11-27 12:49:39.243586+00', NULL, '2026-11-27 12:48:39.243586+00', '2026-11-28 12:48:39.243586+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d0c-fb2b-7ca7-8804-043f515bb2c4', 1, '\x010fed4de8ed42d823e77229ea821a00e94792a157425c938dbc625f96ac1f93', '\x013eabddd5684efe7efd343e4b843067422f16a97e53dd357968c79d283c1be0fbf587d01705a50c29c8fb6f854a05bd062624d6311e69a7075a26a99d9cabea7f9ed05f3fded2aae42ed68466c5b12fe88d598e87da59', '$argon2id$v=19$m=32768,t=3,p=1$aku4/xgpi683HmK4Fq0nhg$VboJyuKvgo7DetxsgkGr8Ft+33HIyhc+3jQXhBxEltI', 'en', '\xc036ac72e9cbed248fd7424eb97c3465792f24b365133220505a5506633e0273', '2026-11-27 12:58:39.723553+00', 5, '\xe51760b625700681ea90149eb2e049e61eb2e9c7dbffbc3cc127b7b2cb6aa258', 1, '2026-11-27 12:49:39.723553+00', NULL, '2026-11-27 12:48:39.723553+00', '2026-11-28 12:48:39.723553+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d0d-0383-7c01-8a21-7c25eb6641aa', 1, '\xf21a044c98ca0bd1e2e0323e05c4e1aff043395bbbb679a8841b6c9be9819d83', '\x01d29b881a8effaf2542b98b7205e40d5c330031f5b7480bbfbf32c60813464e108616ad9a08eef7f0fb7afdcb6fb14568507cf1c6268bf96256d4617c95c97e44e19e064f92648391afc5a42200651d4bbb68c924', '$argon2id$v=19$m=32768,t=3,p=1$tzWtkgxKIbVV4Y9YdBFAFQ$/W3Wuj8P5/B7ZJq6QJz28w9A2PAq4zwbOaXLqYpH+tw', 'en', '\x17e37b178deb0322c47c9e6d955f83d7bfe67817e14a7fb00df0c864ad394267', '2026-11-27 12:58:41.859527+00', 5, '\x30d9b36323a0c7b35cb86ce55bd590bf0769044c79f86141868e544df6a853cd', 1, '2026-11-27 12:49:41.859527+00', NULL, '2026-11-27 12:48:41.859527+00', '2026-11-28 12:48:41.859527+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d0d-06c9-72f4-b4f7-6f6fecd2c2ea', 1, '\x1add0499b9d6637e0ff1ba447727bcd1be818d720761f15b037faf7a98070f1b', '\x0184fccaac13bd8303500121262d821e8d27010319938590191ed60eafd458b89e70686058544e7dfec93bfbb5a60a023e5604dc40e7ae19d08785acf1a0ac14821c46663965dee3edbc40dce5a197a2343b7cb072d317', '$argon2id$v=19$m=32768,t=3,p=1$kfju/FcjOZhY6zR/nPVgQQ$14PaXDNbh9Yu3zv9PGg47fs0frQW2lafncpQcOyFlBQ', 'en', '\xf3da90c4a016d856f7a74608ae553e63f86b42d0e8cacb1ed04b74e60eaa1e87', '2026-11-27 12:58:42.697214+00', 5, '\xe03bc0339e8488794d5d6be05a86fa23bd3d04e58d86cbe69866522f42b04166', 1, '2026-11-27 12:49:42.697214+00', NULL, '2026-11-27 12:48:42.697214+00', '2026-11-28 12:48:42.697214+00');
INSERT INTO identity.sessions VALUES
	('00000000-0001-7000-8000-000000000001', '01a21d0a-33a7-7e14-aca9-72545a5742e5', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', '\xcc89b9396bb0f2f16c1e3a6cf487a4606875c459c69c52f7ee1afdc673945ff7', 1, '2026-11-27 12:45:37.578966+00', 'registration', '', '127.0.0.0/24', '2026-11-27 12:45:37.575707+00', '2026-11-27 12:45:37.575707+00', '2026-11-27 12:45:37.575707+00', '2026-12-11 12:45:37.575707+00', '2026-12-27 12:45:37.575707+00', NULL, NULL),
	('00000000-0001-7000-8000-000000000001', '01a21d0a-37a9-73d5-9849-3ef65869843b', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', '\xa4e5258474d55de86afea5bf4cdc0ac01548177a9d6fc183a742539c2448e0d2', 2, '2026-11-27 12:45:38.731038+00', 'password', '', '127.0.0.0/24', '2026-11-27 12:45:38.601458+00', '2026-11-27 12:45:38.601458+00', '2026-11-27 12:45:38.6933+00', '2026-12-11 12:45:38.6933+00', '2026-12-27 12:45:38.601458+00', NULL, NULL),
	('00000000-0001-7000-8000-000000000001', '01a21d0a-3908-71bb-86f7-c901e4cf1337', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', '\x0b9349be2edddfad59fdf02cd625acec8aa3e2045f997fd966af4c302ca18e5c', 1, '2026-11-27 12:45:38.952998+00', 'password', '', '127.0.0.0/24', '2026-11-27 12:45:38.95272+00', '2026-11-27 12:45:38.95272+00', '2026-11-27 12:45:38.95272+00', '2026-12-11 12:45:38.95272+00', '2026-12-27 12:45:38.95272+00', '2026-11-27 12:45:38.988776+00', 'signed-out'),
	('00000000-0001-7000-8000-000000000001', '01a21d0a-3a37-7e52-837a-5007942a07c2', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', '\x21f5b64156e493b161c682863a64a200420c52e3ca3f3e05fa4566436efa765b', 1, '2026-11-27 12:45:39.259316+00', 'password', '', '127.0.0.0/24', '2026-11-27 12:45:39.255451+00', '2026-11-27 12:45:39.255451+00', '2026-11-27 12:45:39.255451+00', '2026-12-11 12:45:39.255451+00', '2026-12-27 12:45:39.255451+00', NULL, NULL),
	('00000000-0001-7000-8000-000000000001', '01a21d0a-3b79-70b8-aa35-ad48787fe99f', '01a21d0a-3b79-7106-9d6e-7e5784f1a740', '\xa108ac2400368ecab0d464992861103e36fed811acf311f8c5d270b5eba0c75b', 1, '2026-11-27 12:45:39.579421+00', 'registration', '', '127.0.0.0/24', '2026-11-27 12:45:39.577298+00', '2026-11-27 12:45:39.577298+00', '2026-11-27 12:45:39.577298+00', '2026-12-11 12:45:39.577298+00', '2026-12-27 12:45:39.577298+00', NULL, NULL),
	('00000000-0001-7000-8000-000000000001', '01a21d0a-3d44-7b28-b7bc-d6bc35e071f6', '01a21d0a-3d44-7d06-8ad7-a7913906c904', '\x725a3437e2036a7133b5d9dd76c4362a58f5caed7df1815bd06f8b0033307b21', 1, '2026-11-27 12:45:40.036827+00', 'registration', '', '127.0.0.0/24', '2026-11-27 12:45:40.036591+00', '2026-11-27 12:45:40.036591+00', '2026-11-27 12:45:40.036591+00', '2026-12-11 12:45:40.036591+00', '2026-12-27 12:45:40.036591+00', NULL, NULL),
	('00000000-0001-7000-8000-000000000001', '01a21d0a-3ff0-7d08-895b-b714643c1635', '01a21d0a-3ff0-7a6b-9bc2-739bc53e5c99', '\x0af0e7c85417b56a450998fe6764fc9208df02b447c2b980b13cbf8f47c39602', 1, '2026-11-27 12:45:40.723395+00', 'registration', '', '127.0.0.0/24', '2026-11-27 12:45:40.720357+00', '2026-11-27 12:45:40.720357+00', '2026-11-27 12:45:40.720357+00', '2026-12-11 12:45:40.720357+00', '2026-12-27 12:45:40.720357+00', NULL, NULL);
INSERT INTO identity.sign_in_failures VALUES
	('00000000-0001-7000-8000-000000000001', '\xa9f89f15d94cf7163910f3ad53930fedd1c1c80f96370bf411e32801179bae02', '00000000-0000-0000-0000-000000000000', '\x1f98a38d157218e2bbe309839f4560cf207e6aa8c737eb5264ab5fcdd999b688', 6, '2026-11-27 12:45:46.321514+00', '2026-11-27 12:45:44.321514+00');
INSERT INTO identity.users VALUES
	('00000000-0001-7000-8000-000000000001', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', 11, 'Ada', 'ada-fixture', 'ada-fixture', '\x01d06548dccc7c57f39bbad4d47db15395fddf6a5f892bb2c5c459d9e245ae87f6f996bb8a2a9297b7febdc3', '2026-11-27 12:45:37.575707+00', '$argon2id$v=19$m=24576,t=3,p=1$xMwBYK9KwSGqrxgxO2djmw$p2MW07RfK/7JwnY5Uyo1mjhFgL4kK3nqbgExIm9Eccw', 'es', '2026-11-27 12:45:37.575707+00', NULL, '\x01cd44c55ca67348de103d31994b7aeba5a25165ffdd99ec847e53a1e86d89ed39cc6f31886a67134ac32473349e827731683dc35dce0f15611cdb2661e8042a243f3d30d4016e1876eeedf0e6e9b0d1'),
	('00000000-0001-7000-8000-000000000001', '01a21d0a-3ff0-7a6b-9bc2-739bc53e5c99', 3, 'Ivan', NULL, NULL, '\x01a00b0b58e9ce3ecbebe5c459e3c28906562f1f6de7926c40c045fe4b15ba96c30b0b1a2fdbb8024b3223de98', '2026-11-27 12:45:40.720357+00', '$argon2id$v=19$m=24576,t=3,p=1$iRo5dpP3f0BFKegPvD4Pwg$ko8iTme0GqZQ9SouNVIopH6kJVNmnlwTZCgaOz2Rz4c', 'en', '2026-11-27 12:45:40.720357+00', NULL, NULL),
	('00000000-0001-7000-8000-000000000001', '01a21d0a-3d44-7d06-8ad7-a7913906c904', 9, 'Eve', NULL, NULL, '\x01bf189f3c324591b8b2d00e10756b1067edb05cbf1dea45d43261753935c27ec80258ca717c82a84999f468', '2026-11-27 12:45:40.036591+00', '$argon2id$v=19$m=24576,t=3,p=1$0mSi2IAh/pfgpVj580pGUQ$xLCpfiOIxx5PBTHpyIDcOLbvr1zgx05R7lIWQcBRqCI', 'en', '2026-11-27 12:45:40.036591+00', NULL, NULL),
	('00000000-0001-7000-8000-000000000001', '01a21d0a-3b79-7106-9d6e-7e5784f1a740', 4, 'Bob', NULL, NULL, '\x0190f81303709daec312422c7bfb135a444b2fb5ca4dfb1881062cc811a038029bc9e1fc76d458b90f8121b4', '2026-11-27 12:45:39.577298+00', '$argon2id$v=19$m=24576,t=3,p=1$SgBAj0Ugs3i5yDc/8hxE4A$IBPvUk8VoWkP8Jtiy4rkTd2N1LXVjjBOTme0IoZf4+c', 'en', '2026-11-27 12:45:39.577298+00', NULL, NULL),
	('00000000-0001-7000-8000-000000000001', '01a21d0b-7468-7d0c-83ae-e1ae2901ad90', 3, 'Grace', 'grace-fixture', 'grace-fixture', '\x0149771ae1aaed3edcd71d351191e34c89b3d6570c51738ff2ab4c7b7b359b294675b8f2675e5602ee70c3090d9f', '2026-11-27 12:46:59.688221+00', NULL, 'en', '2026-11-27 12:46:59.688221+00', NULL, NULL);
INSERT INTO notifications.inbox_messages VALUES
	('00000000-0001-7000-8000-000000000001', '01a21d0a-2fa3-7a9c-8035-7af522aa89c0', 'email', 'ada@example.com', '075669 is your Gatehouse code', 'Hello Ada,
your code is 075669. Enter it where you started to sign up. It is good for 10 minutes and can be used once.
Or open this link and confirm there; it is good for 24 hours:
http://localhost:8080/register/confirm?token=DbPbU4oVmFf7bJ9i2HxXZ3-Js4hWv7upG6pE1gn2DPo
If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.
Gatehouse
', '<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>075669 is your Gatehouse code</title>
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
<p class="code">075669</p>
<p>Enter it where you started to sign up. It is good for 10 minutes and can be used once.</p>
<p>Or open this link and confirm there; it is good for 24 hours:<br><a href="http://localhost:8080/register/confirm?token&#x3D;DbPbU4oVmFf7bJ9i2HxXZ3-Js4hWv7upG6pE1gn2DPo">Confirm your address</a></p>
<p class="small">If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.</p>
</main></body>
</html>
', '2026-11-27 12:45:37.517258+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d0a-3ac8-740a-bae0-ff6a2ae65fa8', 'email', 'bob@example.com', '494762 is your Gatehouse code', 'Hello Bob,
your code is 494762. Enter it where you started to sign up. It is good for 10 minutes and can be used once.
Or open this link and confirm there; it is good for 24 hours:
http://localhost:8080/register/confirm?token=S7HxwFNJhMhnfSsj2evatnSab-EgPqez83ZwHBU5dY0
If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.
Gatehouse
', '<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>494762 is your Gatehouse code</title>
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
<p class="code">494762</p>
<p>Enter it where you started to sign up. It is good for 10 minutes and can be used once.</p>
<p>Or open this link and confirm there; it is good for 24 hours:<br><a href="http://localhost:8080/register/confirm?token&#x3D;S7HxwFNJhMhnfSsj2evatnSab-EgPqez83ZwHBU5dY0">Confirm your address</a></p>
<p class="small">If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.</p>
</main></body>
</html>
', '2026-11-27 12:45:39.492809+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d0a-3cbf-783e-9272-46fb6ed88254', 'email', 'eve@example.com', '209778 is your Gatehouse code', 'Hello Eve,
your code is 209778. Enter it where you started to sign up. It is good for 10 minutes and can be used once.
Or open this link and confirm there; it is good for 24 hours:
http://localhost:8080/register/confirm?token=46hmnlSkhCXTEe9UfOnmYr5fbcIzhM2BrsxCRwNkQ3A
If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.
Gatehouse
', '<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>209778 is your Gatehouse code</title>
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
<p class="code">209778</p>
<p>Enter it where you started to sign up. It is good for 10 minutes and can be used once.</p>
<p>Or open this link and confirm there; it is good for 24 hours:<br><a href="http://localhost:8080/register/confirm?token&#x3D;46hmnlSkhCXTEe9UfOnmYr5fbcIzhM2BrsxCRwNkQ3A">Confirm your address</a></p>
<p class="small">If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.</p>
</main></body>
</html>
', '2026-11-27 12:45:39.934277+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d0a-3eac-7a62-94a5-c512e3206670', 'email', 'ivan@example.com', '755681 is your Gatehouse code', 'Hello Ivan,
your code is 755681. Enter it where you started to sign up. It is good for 10 minutes and can be used once.
Or open this link and confirm there; it is good for 24 hours:
http://localhost:8080/register/confirm?token=qCiQf2fnUE07YMMA2lqCGlekGtZx0PAdvfgOBmHtHKA
If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.
Gatehouse
', '<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>755681 is your Gatehouse code</title>
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
<p class="code">755681</p>
<p>Enter it where you started to sign up. It is good for 10 minutes and can be used once.</p>
<p>Or open this link and confirm there; it is good for 24 hours:<br><a href="http://localhost:8080/register/confirm?token&#x3D;qCiQf2fnUE07YMMA2lqCGlekGtZx0PAdvfgOBmHtHKA">Confirm your address</a></p>
<p class="small">If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.</p>
</main></body>
</html>
', '2026-11-27 12:45:40.607351+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d0b-f1b4-7056-9e22-e2ee390b43a8', 'email', 'heidi@example.com', '599472 is your Gatehouse code', 'Hello Heidi,
your code is 599472. Enter it where you started to sign up. It is good for 10 minutes and can be used once.
Or open this link and confirm there; it is good for 24 hours:
http://localhost:8080/register/confirm?token=4mDmBOAHzKYYZm8hTYz-LfPD7Nt6Liau5mCD4phnsIk
If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.
Gatehouse
', '<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>599472 is your Gatehouse code</title>
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
<p>Hello Heidi,</p>
<p>your code is</p>
<p class="code">599472</p>
<p>Enter it where you started to sign up. It is good for 10 minutes and can be used once.</p>
<p>Or open this link and confirm there; it is good for 24 hours:<br><a href="http://localhost:8080/register/confirm?token&#x3D;4mDmBOAHzKYYZm8hTYz-LfPD7Nt6Liau5mCD4phnsIk">Confirm your address</a></p>
<p class="small">If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.</p>
</main></body>
</html>
', '2026-11-27 12:47:34.953688+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d0c-0a2f-7b28-97e1-0970266103ab', 'email', 'dave@example.com', '136490 is your Gatehouse code', 'Hello Dave,
your code is 136490. Enter it where you started to sign up. It is good for 10 minutes and can be used once.
Or open this link and confirm there; it is good for 24 hours:
http://localhost:8080/register/confirm?token=MeU3qeauyD83cp77DPBq7J1hWKBqS1Dp10uwhcUE_pA
If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.
Gatehouse
', '<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>136490 is your Gatehouse code</title>
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
<p class="code">136490</p>
<p>Enter it where you started to sign up. It is good for 10 minutes and can be used once.</p>
<p>Or open this link and confirm there; it is good for 24 hours:<br><a href="http://localhost:8080/register/confirm?token&#x3D;MeU3qeauyD83cp77DPBq7J1hWKBqS1Dp10uwhcUE_pA">Confirm your address</a></p>
<p class="small">If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.</p>
</main></body>
</html>
', '2026-11-27 12:47:38.192056+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d0c-f4c8-7d3e-9c79-a3ca35f5d96d', 'email', 'dave@example.com', '907989 is your Gatehouse code', 'Hello Dave,
your code is 907989. Enter it where you started to sign up. It is good for 10 minutes and can be used once.
Or open this link and confirm there; it is good for 24 hours:
http://localhost:8080/register/confirm?token=xyZrLLPIK7n2-En36AoEOFtXGmCX3aklpnoEu5zotBc
If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.
Gatehouse
', '<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>907989 is your Gatehouse code</title>
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
<p class="code">907989</p>
<p>Enter it where you started to sign up. It is good for 10 minutes and can be used once.</p>
<p>Or open this link and confirm there; it is good for 24 hours:<br><a href="http://localhost:8080/register/confirm?token&#x3D;xyZrLLPIK7n2-En36AoEOFtXGmCX3aklpnoEu5zotBc">Confirm your address</a></p>
<p class="small">If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.</p>
</main></body>
</html>
', '2026-11-27 12:48:38.185276+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d0c-f749-780e-b95b-17a09df423c6', 'email', 'carol@example.com', '240625 is your Gatehouse code', 'Hello Carol,
your code is 240625. Enter it where you started to sign up. It is good for 10 minutes and can be used once.
Or open this link and confirm there; it is good for 24 hours:
http://localhost:8080/register/confirm?token=ktXKxxIE3hXfsvOGjubj4sHoUzAd2E8cpGc46uJ1q-I
If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.
Gatehouse
', '<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>240625 is your Gatehouse code</title>
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
<p class="code">240625</p>
<p>Enter it where you started to sign up. It is good for 10 minutes and can be used once.</p>
<p>Or open this link and confirm there; it is good for 24 hours:<br><a href="http://localhost:8080/register/confirm?token&#x3D;ktXKxxIE3hXfsvOGjubj4sHoUzAd2E8cpGc46uJ1q-I">Confirm your address</a></p>
<p class="small">If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.</p>
</main></body>
</html>
', '2026-11-27 12:48:38.769151+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d0c-f94b-7abc-a35d-180712e4e2ac', 'email', 'frank@example.com', '354822 is your Gatehouse code', 'Hello Frank,
your code is 354822. Enter it where you started to sign up. It is good for 10 minutes and can be used once.
Or open this link and confirm there; it is good for 24 hours:
http://localhost:8080/register/confirm?token=E-A1SrRQK2oleCTK_m3Gs2-TqKTGK4MdH0dq49PEl0w
If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.
Gatehouse
', '<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>354822 is your Gatehouse code</title>
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
<p class="code">354822</p>
<p>Enter it where you started to sign up. It is good for 10 minutes and can be used once.</p>
<p>Or open this link and confirm there; it is good for 24 hours:<br><a href="http://localhost:8080/register/confirm?token&#x3D;E-A1SrRQK2oleCTK_m3Gs2-TqKTGK4MdH0dq49PEl0w">Confirm your address</a></p>
<p class="small">If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.</p>
</main></body>
</html>
', '2026-11-27 12:48:39.322488+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d0c-fb2b-7be1-8c83-754e9c183052', 'email', 'judy@example.com', '440438 is your Gatehouse code', 'Hello Judy,
your code is 440438. Enter it where you started to sign up. It is good for 10 minutes and can be used once.
Or open this link and confirm there; it is good for 24 hours:
http://localhost:8080/register/confirm?token=m96elHZnBzaL1q4rFL7qq_TqBkwugJ-EWYLn5xGArTQ
If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.
Gatehouse
', '<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>440438 is your Gatehouse code</title>
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
<p class="code">440438</p>
<p>Enter it where you started to sign up. It is good for 10 minutes and can be used once.</p>
<p>Or open this link and confirm there; it is good for 24 hours:<br><a href="http://localhost:8080/register/confirm?token&#x3D;m96elHZnBzaL1q4rFL7qq_TqBkwugJ-EWYLn5xGArTQ">Confirm your address</a></p>
<p class="small">If it was not you who asked for this, you need do nothing: without the code or the link no account is made. Never tell the code to anybody.</p>
</main></body>
</html>
', '2026-11-27 12:48:39.808769+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d0d-0019-78ce-86a7-fbe52df53367', 'email', 'grace@example.com', '12228018 is your Gatehouse code for a new password', 'Hello Grace,
your code is 12228018. Enter it where you asked for a new password. It is good for 10 minutes and can be used once.
Or open this link and choose the new password there; it is good for 30 minutes:
http://localhost:8080/reset?id=01a21d0c-ffc0-7712-b354-d238a54108a9&token=atM4lbbXXBNXqco0CoNvKM5R8XyJtEgLpmP1criLWSk
If it was not you who asked for this, you need do nothing: your password stays as it is. Never tell the code to anybody.
Gatehouse
', '<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>12228018 is your Gatehouse code for a new password</title>
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
<p class="code">12228018</p>
<p>Enter it where you asked for a new password. It is good for 10 minutes and can be used once.</p>
<p>Or open this link and choose the new password there; it is good for 30 minutes:<br><a href="http://localhost:8080/reset?id&#x3D;01a21d0c-ffc0-7712-b354-d238a54108a9&amp;token&#x3D;atM4lbbXXBNXqco0CoNvKM5R8XyJtEgLpmP1criLWSk">Choose a new password</a></p>
<p class="small">If it was not you who asked for this, you need do nothing: your password stays as it is. Never tell the code to anybody.</p>
</main></body>
</html>
', '2026-11-27 12:48:41.080185+00'),
	('00000000-0001-7000-8000-000000000001', '01a21d0c-fc45-7c64-bfee-8ee1936ad373', 'email', 'bob@example.com', '80620812 is your Gatehouse code for a new password', 'Hello Bob,
your code is 80620812. Enter it where you asked for a new password. It is good for 10 minutes and can be used once.
Or open this link and choose the new password there; it is good for 30 minutes:
http://localhost:8080/reset?id=01a21d0c-fb92-7831-8994-33926e4c27c3&token=_IIM1U_xFo--r8rEaapOrVT93KUwWYhqp4WUKSUmSVU
If it was not you who asked for this, you need do nothing: your password stays as it is. Never tell the code to anybody.
Gatehouse
', '<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>80620812 is your Gatehouse code for a new password</title>
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
<p class="code">80620812</p>
<p>Enter it where you asked for a new password. It is good for 10 minutes and can be used once.</p>
<p>Or open this link and choose the new password there; it is good for 30 minutes:<br><a href="http://localhost:8080/reset?id&#x3D;01a21d0c-fb92-7831-8994-33926e4c27c3&amp;token&#x3D;_IIM1U_xFo--r8rEaapOrVT93KUwWYhqp4WUKSUmSVU">Choose a new password</a></p>
<p class="small">If it was not you who asked for this, you need do nothing: your password stays as it is. Never tell the code to anybody.</p>
</main></body>
</html>
', '2026-11-27 12:48:40.205938+00');
INSERT INTO runtime.audit_20261101 VALUES
	('01a21d0a-2fa3-7793-b9ee-744bd1bac654', '00000000-0001-7000-8000-000000000001', 1, 743, 1, '2026-11-27 12:45:36.547873+00', 'registration.started', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d0a-2fa3-7af4-ad97-9da63a1c1fb2"}'),
	('01a21d0a-33a7-7137-aa77-1bb470e4295d', '00000000-0001-7000-8000-000000000001', 1, 753, 2, '2026-11-27 12:45:37.575707+00', 'user.registered', 'anonymous', NULL, '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d0a-2fa3-7af4-ad97-9da63a1c1fb2"}'),
	('01a21d0a-33a7-7822-8c70-c31675d649ff', '00000000-0001-7000-8000-000000000001', 1, 753, 3, '2026-11-27 12:45:37.575707+00', 'user.verified', 'anonymous', NULL, '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"channel":"email","method":"code","registration":"01a21d0a-2fa3-7af4-ad97-9da63a1c1fb2"}'),
	('01a21d0a-33a7-7d7f-8e8b-650942cf9a3f', '00000000-0001-7000-8000-000000000001', 1, 753, 4, '2026-11-27 12:45:37.575707+00', 'session.started', 'person', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', '01a21d0a-33a7-7e14-aca9-72545a5742e5', 'done', NULL, '127.0.0.0/24', NULL, '{}'),
	('01a21d0a-35d3-79de-bd72-880ab24a16a2', '00000000-0001-7000-8000-000000000001', 1, 758, 5, '2026-11-27 12:45:38.131101+00', 'user.updated', 'person', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', '01a21d0a-33a7-7e14-aca9-72545a5742e5', 'done', NULL, '127.0.0.0/24', NULL, '{"changed":"about, languages, preferredLanguage"}'),
	('01a21d0a-37a9-702d-9233-757fcef659da', '00000000-0001-7000-8000-000000000001', 1, 763, 6, '2026-11-27 12:45:38.601458+00', 'session.started', 'person', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', '01a21d0a-37a9-73d5-9849-3ef65869843b', 'done', NULL, '127.0.0.0/24', NULL, '{}'),
	('01a21d0a-3805-72dc-beeb-1451b9271e03', '00000000-0001-7000-8000-000000000001', 1, 766, 7, '2026-11-27 12:45:38.6933+00', 'session.refreshed', 'person', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', '01a21d0a-37a9-73d5-9849-3ef65869843b', 'done', NULL, '127.0.0.0/24', NULL, '{}'),
	('01a21d0a-3908-764f-959b-ecebc6784fad', '00000000-0001-7000-8000-000000000001', 1, 768, 8, '2026-11-27 12:45:38.95272+00', 'session.started', 'person', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', '01a21d0a-3908-71bb-86f7-c901e4cf1337', 'done', NULL, '127.0.0.0/24', NULL, '{}'),
	('01a21d0a-3924-707f-ba1b-0c99b0b4a860', '00000000-0001-7000-8000-000000000001', 1, 771, 9, '2026-11-27 12:45:38.980408+00', 'session.ended', 'person', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', '01a21d0a-3908-71bb-86f7-c901e4cf1337', 'done', 'signed-out', '127.0.0.0/24', NULL, '{"by":"01a21d0a-3908-71bb-86f7-c901e4cf1337"}'),
	('01a21d0a-3a37-78d9-a171-3eb090096ea2', '00000000-0001-7000-8000-000000000001', 1, 775, 10, '2026-11-27 12:45:39.255451+00', 'session.started', 'person', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', '01a21d0a-3a37-7e52-837a-5007942a07c2', 'done', NULL, '127.0.0.0/24', NULL, '{}'),
	('01a21d0a-3ac8-7c2f-926f-2a17ada2cac3', '00000000-0001-7000-8000-000000000001', 1, 779, 11, '2026-11-27 12:45:39.400252+00', 'registration.started', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d0a-3ac8-75fa-b254-e2eabc0d1e16"}'),
	('01a21d0a-3b79-71a4-8ee5-78211d7e8e96', '00000000-0001-7000-8000-000000000001', 1, 789, 12, '2026-11-27 12:45:39.577298+00', 'user.registered', 'anonymous', NULL, '01a21d0a-3b79-7106-9d6e-7e5784f1a740', NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d0a-3ac8-75fa-b254-e2eabc0d1e16"}'),
	('01a21d0a-3b79-757c-9da3-36d275adaddd', '00000000-0001-7000-8000-000000000001', 1, 789, 13, '2026-11-27 12:45:39.577298+00', 'user.verified', 'anonymous', NULL, '01a21d0a-3b79-7106-9d6e-7e5784f1a740', NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"channel":"email","method":"code","registration":"01a21d0a-3ac8-75fa-b254-e2eabc0d1e16"}'),
	('01a21d0a-3b79-79af-a382-8807a459f66b', '00000000-0001-7000-8000-000000000001', 1, 789, 14, '2026-11-27 12:45:39.577298+00', 'session.started', 'person', '01a21d0a-3b79-7106-9d6e-7e5784f1a740', '01a21d0a-3b79-7106-9d6e-7e5784f1a740', '01a21d0a-3b79-70b8-aa35-ad48787fe99f', 'done', NULL, '127.0.0.0/24', NULL, '{}'),
	('01a21d0a-3cbf-789f-9173-ecb5631bdf20', '00000000-0001-7000-8000-000000000001', 1, 795, 15, '2026-11-27 12:45:39.903582+00', 'registration.started', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d0a-3cbf-7565-845d-a72f5f59b54a"}'),
	('01a21d0a-3d44-7cc0-b7e7-92c95faaf775', '00000000-0001-7000-8000-000000000001', 1, 805, 16, '2026-11-27 12:45:40.036591+00', 'user.registered', 'anonymous', NULL, '01a21d0a-3d44-7d06-8ad7-a7913906c904', NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d0a-3cbf-7565-845d-a72f5f59b54a"}'),
	('01a21d0a-3d44-7f01-ab79-0daa92010d73', '00000000-0001-7000-8000-000000000001', 1, 805, 17, '2026-11-27 12:45:40.036591+00', 'user.verified', 'anonymous', NULL, '01a21d0a-3d44-7d06-8ad7-a7913906c904', NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"channel":"email","method":"code","registration":"01a21d0a-3cbf-7565-845d-a72f5f59b54a"}'),
	('01a21d0a-3d44-7f06-a0a8-9553f15a7b18', '00000000-0001-7000-8000-000000000001', 1, 805, 18, '2026-11-27 12:45:40.036591+00', 'session.started', 'person', '01a21d0a-3d44-7d06-8ad7-a7913906c904', '01a21d0a-3d44-7d06-8ad7-a7913906c904', '01a21d0a-3d44-7b28-b7bc-d6bc35e071f6', 'done', NULL, '127.0.0.0/24', NULL, '{}'),
	('01a21d0a-3eac-757b-9fb8-e2b50075cbf9', '00000000-0001-7000-8000-000000000001', 1, 811, 19, '2026-11-27 12:45:40.396728+00', 'registration.started', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d0a-3eac-7702-8e14-081b6b56d20d"}'),
	('01a21d0a-3ff0-7774-8e07-ffea041f34b5', '00000000-0001-7000-8000-000000000001', 1, 821, 20, '2026-11-27 12:45:40.720357+00', 'user.registered', 'anonymous', NULL, '01a21d0a-3ff0-7a6b-9bc2-739bc53e5c99', NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d0a-3eac-7702-8e14-081b6b56d20d"}'),
	('01a21d0a-3ff0-78a2-9d3a-663626caddf3', '00000000-0001-7000-8000-000000000001', 1, 821, 21, '2026-11-27 12:45:40.720357+00', 'user.verified', 'anonymous', NULL, '01a21d0a-3ff0-7a6b-9bc2-739bc53e5c99', NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"channel":"email","method":"code","registration":"01a21d0a-3eac-7702-8e14-081b6b56d20d"}'),
	('01a21d0a-3ff0-7f8b-b17e-7e95e2de95e4', '00000000-0001-7000-8000-000000000001', 1, 821, 22, '2026-11-27 12:45:40.720357+00', 'session.started', 'person', '01a21d0a-3ff0-7a6b-9bc2-739bc53e5c99', '01a21d0a-3ff0-7a6b-9bc2-739bc53e5c99', '01a21d0a-3ff0-7d08-895b-b714643c1635', 'done', NULL, '127.0.0.0/24', NULL, '{}'),
	('01a21d0a-41a4-7c0f-98f7-7ff356449c5b', '00000000-0001-7000-8000-000000000001', 1, 827, 23, '2026-11-27 12:45:41.156738+00', 'sign-in.failed', 'anonymous', NULL, '01a21d0a-3d44-7d06-8ad7-a7913906c904', NULL, 'refused', 'identity.sign-in-refused', '127.0.0.0/24', NULL, '{}'),
	('01a21d0a-4296-7c26-875f-63142d34460e', '00000000-0001-7000-8000-000000000001', 1, 831, 24, '2026-11-27 12:45:41.398453+00', 'sign-in.failed', 'anonymous', NULL, '01a21d0a-3d44-7d06-8ad7-a7913906c904', NULL, 'refused', 'identity.sign-in-refused', '127.0.0.0/24', NULL, '{}'),
	('01a21d0a-43d3-71f8-9b35-d9d44f927a42', '00000000-0001-7000-8000-000000000001', 1, 835, 25, '2026-11-27 12:45:41.715807+00', 'sign-in.failed', 'anonymous', NULL, '01a21d0a-3d44-7d06-8ad7-a7913906c904', NULL, 'refused', 'identity.sign-in-refused', '127.0.0.0/24', NULL, '{}'),
	('01a21d0a-46df-7e9f-bd39-5d6773a984db', '00000000-0001-7000-8000-000000000001', 1, 839, 26, '2026-11-27 12:45:42.495401+00', 'sign-in.failed', 'anonymous', NULL, '01a21d0a-3d44-7d06-8ad7-a7913906c904', NULL, 'refused', 'identity.sign-in-refused', '127.0.0.0/24', NULL, '{}'),
	('01a21d0a-4937-7dfc-a970-45386f85c41d', '00000000-0001-7000-8000-000000000001', 1, 843, 27, '2026-11-27 12:45:43.095629+00', 'sign-in.failed', 'anonymous', NULL, '01a21d0a-3d44-7d06-8ad7-a7913906c904', NULL, 'refused', 'identity.sign-in-refused', '127.0.0.0/24', NULL, '{}'),
	('01a21d0a-4e7e-7627-a218-c8d8484451f8', '00000000-0001-7000-8000-000000000001', 1, 848, 28, '2026-11-27 12:45:44.446942+00', 'sign-in.failed', 'anonymous', NULL, '01a21d0a-3d44-7d06-8ad7-a7913906c904', NULL, 'refused', 'identity.sign-in-refused', '127.0.0.0/24', NULL, '{}'),
	('01a21d0b-7468-7ec3-91f8-1b065632449d', '00000000-0001-7000-8000-000000000001', 1, 866, 29, '2026-11-27 12:46:59.688221+00', 'user.created', 'operator', NULL, '01a21d0b-7468-7d0c-83ae-e1ae2901ad90', NULL, 'done', NULL, NULL, NULL, '{}'),
	('01a21d0b-f1b4-7dbc-950b-acb1cc69cb1e', '00000000-0001-7000-8000-000000000001', 1, 874, 30, '2026-11-27 12:47:31.764892+00', 'registration.started', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d0b-f1b4-7a91-9679-354dd6cc7454"}'),
	('01a21d0c-0a2f-7cb4-b4bf-8ba3110139f6', '00000000-0001-7000-8000-000000000001', 1, 898, 31, '2026-11-27 12:47:38.031175+00', 'registration.started', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d0c-0a2f-7cac-97f2-cb765b406110"}'),
	('01a21d0c-f4c8-76da-9f03-6bc425bb3d81', '00000000-0001-7000-8000-000000000001', 1, 941, 32, '2026-11-27 12:48:38.088555+00', 'registration.code-resent', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d0c-0a2f-7cac-97f2-cb765b406110"}'),
	('01a21d0c-f749-7403-b932-b19ca628ef1f', '00000000-0001-7000-8000-000000000001', 1, 951, 33, '2026-11-27 12:48:38.729873+00', 'registration.started', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d0c-f749-7340-a505-4a6fc1055e30"}'),
	('01a21d0c-f7e9-7d09-95b8-d441864856e3', '00000000-0001-7000-8000-000000000001', 1, 960, 34, '2026-11-27 12:48:38.889196+00', 'registration.refused', 'anonymous', NULL, NULL, NULL, 'refused', 'identity.code-wrong', '127.0.0.0/24', NULL, '{"registration":"01a21d0c-f749-7340-a505-4a6fc1055e30"}'),
	('01a21d0c-f94b-774b-916f-c8c79036adc0', '00000000-0001-7000-8000-000000000001', 1, 962, 35, '2026-11-27 12:48:39.243586+00', 'registration.started', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d0c-f94b-75c7-9a57-a3017c3e0915"}'),
	('01a21d0c-fb2b-77a3-8f1e-9f25e27aa6ac', '00000000-0001-7000-8000-000000000001', 1, 973, 36, '2026-11-27 12:48:39.723553+00', 'registration.started', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d0c-fb2b-7ca7-8804-043f515bb2c4"}'),
	('01a21d0c-fb92-7901-b116-13d08a2fa4a4', '00000000-0001-7000-8000-000000000001', 1, 984, 37, '2026-11-27 12:48:39.826953+00', 'password.reset-requested', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"reset":"01a21d0c-fb92-7831-8994-33926e4c27c3"}'),
	('01a21d0c-fc45-757b-928c-48811fc9259b', '00000000-0001-7000-8000-000000000001', 1, 986, 38, '2026-11-27 12:48:40.00585+00', 'password.reset-sent', 'system', NULL, '01a21d0a-3b79-7106-9d6e-7e5784f1a740', NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"reset":"01a21d0c-fb92-7831-8994-33926e4c27c3"}'),
	('01a21d0c-ff8c-761b-9f82-96d6f3036f03', '00000000-0001-7000-8000-000000000001', 1, 996, 39, '2026-11-27 12:48:40.844678+00', 'password.reset-refused', 'anonymous', NULL, '01a21d0a-3b79-7106-9d6e-7e5784f1a740', NULL, 'refused', 'identity.code-wrong', '127.0.0.0/24', NULL, '{"method":"code","reset":"01a21d0c-fb92-7831-8994-33926e4c27c3"}'),
	('01a21d0c-ffc0-7d1f-992d-047cc11ef233', '00000000-0001-7000-8000-000000000001', 1, 998, 40, '2026-11-27 12:48:40.896285+00', 'password.reset-requested', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"reset":"01a21d0c-ffc0-7712-b354-d238a54108a9"}'),
	('01a21d0d-086f-7d62-953f-0b4862fa8508', '00000000-0001-7000-8000-000000000001', 1, 1019, 44, '2026-11-27 12:48:43.119947+00', 'password.reset-requested', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"reset":"01a21d0d-086f-7e4b-a21f-ddcff4aa97c0"}'),
	('01a21d0d-0019-70b4-b344-13b899578382', '00000000-0001-7000-8000-000000000001', 1, 1000, 41, '2026-11-27 12:48:40.985975+00', 'password.reset-sent', 'system', NULL, '01a21d0b-7468-7d0c-83ae-e1ae2901ad90', NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"reset":"01a21d0c-ffc0-7712-b354-d238a54108a9"}'),
	('01a21d0d-0383-709f-9b86-a929a436508e', '00000000-0001-7000-8000-000000000001', 1, 1010, 42, '2026-11-27 12:48:41.859527+00', 'registration.started', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d0d-0383-7c01-8a21-7c25eb6641aa"}'),
	('01a21d0d-06c9-7ae0-8343-a9ac5d553f63', '00000000-0001-7000-8000-000000000001', 1, 1016, 43, '2026-11-27 12:48:42.697214+00', 'registration.started', 'anonymous', NULL, NULL, NULL, 'done', NULL, '127.0.0.0/24', NULL, '{"registration":"01a21d0d-06c9-72f4-b4f7-6f6fecd2c2ea"}');
INSERT INTO runtime.audit_batches VALUES
	(1, 1, 743, 1, 1, 848, 28, 28, '2026-11-27 12:45:44.446942+00', '\x437c6375e63317cb78f52115046aea74b37bdfeae55a03f9571df4c1c937448c31e1258f9b62f30840b0243f703aef572007c5bebdccc2d3b6327f1bbfecf4628d1854935de30271b06fbb2acf2ea52045e9531443c87d4bac78880f1077f4f046ec257afeb845ef5e6a52d813dc1f09b61d76dc3f84ebf8814baa2d94284f7ea164173f986453a0330b4f83924754dfb0d6949a06d0030dcc289e4e3d6a9476d957956bb3066c73c0fd0bdb7c7e6c7837299a3dcbc59e10e7b5514f8022bebc5eedf20b1140b35393cbae955121d2b19044b31c261c152558a8987097a2344e1c536594b04999b87d802f6bbfda06a0c83d65b332e6ba31636a95c264c20696b41668701bb811a759ff1098b230192d267f5e7425bc795c4a24519b76e86d0dbf9ef2570f491119665a6b6491c0c4579fd6cc423e84b73e353369138d64631400377824e6982109bcf9a062a02ecff85cc46abca800b7682f2413152fc60c8d4b526aca4d1f7ffe73f621b3ba8a62410bd6416e3be8995a1b46a9ead97b9024edf6148f39fdc7d0364f907cebf3ebb1cb8bbd64cff7294a06d8def2351ccabe7b095de076dcce7b32c1f680b427d961493872070c48458db230e9e43217135bc104308ed85007a47485d61ac46d35d22e0c5ad7e0563f47014de06f8c0a0127f64cefed7c0962e42e1d5c7e4374f6da2bc0312121ea8596ece29fbf6bdb8b758212e28e2075802772cf43b62406e09458b76fe917b1c904c95466fcec92226efa26eee7435f4988fc3a05b3968022a56425e3aab8434ef2bc22c9875a35b57a05384832cdac5af51e371dcdf6c8e7f31301a33cf6cc712d5d39cdc28683c3e860004647d5a791b7e7f165fd2c714fb89f9be3d084ba5a1cb2fe62abafd65f059f14fb8ba030ca32cd2f7430070f0725e65f93f9644b31fc9728cb444affce458fbefc527f4f158db1807286d3cdf82d5bdf1a7e4741190859d5266f56cedb571ea58f03605a6a2d2ae03dc126cf7489bb5fd49ff23bcf58bcc7afaf3aec0055e81f230243800cd6766551ba93672b709899b7b0d291acd857523a867386542991bf6f39bf61882253e4c75ae61c6112e1cbc8caee1e4ef9aa5b8ec9fc3d39d125b64fe40555184b42806bcb281d5ec304bf3ce285b36e0c41a9b5c6096e715db5061896cdd6a12bbdde5845e688861027d82056bb36a8563831cd7383c0bfdfdc55964b90f86bb5ddb2d4d55c28936f8bf4de2f52f9ea9ccd851006f1338795', '\x0000000000000000000000000000000000000000000000000000000000000000', '\x2cd24744c9ebed9cd7bbb5c0f4cfc5654df65770bb3f59d0f8ac524e2619ff71', '2026-11-27 12:46:34.737996+00', '\xa8880bef4087aa86f062ed2d7058eb590b38b2375ac583e340b4d17cc9f0c6e450a138a33dd968f8894670109f6aed0a6ba9f93f2cc9641f53355d1691555335', NULL, NULL),
	(2, 1, 866, 29, 1, 874, 30, 2, '2026-11-27 12:47:31.764892+00', '\xa9590c1c7bd7473176e340ff4ede4313f1943398c4cf9f224ed3cef2d6e85b6a54c94daa004624db961e210382d891aea5c2f8fa27049b54225806f75fdc3616', '\x2cd24744c9ebed9cd7bbb5c0f4cfc5654df65770bb3f59d0f8ac524e2619ff71', '\xab893790850b50d20c7b20efdffd15773b0d2edcc0275e1d4dc715fce44dd387', '2026-11-27 12:47:35.152994+00', '\xb66032d5290a90382568eebd7c6f86aede0cc30c3ee7388963b0b5e7a19e5a93544703f8b4bfc50bdf21e3777f2a751b0a4a6cad61766a8af1ecf8c5bd1bb477', NULL, NULL),
	(3, 1, 898, 31, 1, 898, 31, 1, '2026-11-27 12:47:38.031175+00', '\xd784079cedc0b2611bac6df3a53bca38124b71a853bbfa90bf5724a8fe38b072', '\xab893790850b50d20c7b20efdffd15773b0d2edcc0275e1d4dc715fce44dd387', '\x3eb190210f32e1ef919b859fd777b9e4cb44bb4d57d682e41df3b97e43bf30c5', '2026-11-27 12:48:35.973993+00', '\xea35a91f46fc6c0612c659652394b14a9b2953fce2767b466a853f2105bde34f40f36ff3b1a8454e2518ff13bcd6af5a02329997ea7ac6253e818082516d0d49', NULL, NULL);
INSERT INTO runtime.events_20261127 VALUES
	('01a21d0a-2fa3-75a4-af1f-6dac0f223fca', 2, 1, 743, 1, '00000000-0001-7000-8000-000000000001', '01a21d0a-2fa3-7af4-ad97-9da63a1c1fb2', NULL, 'notification.requested.v1', 'gatehouse.notifications', '2026-11-27 12:45:36.547873+00', '00-951aacf862b65d781d9fea54a276b089-a48b0c2fe721a000-00', '{"notificationId":"01a21d0a-2fa3-7a9c-8035-7af522aa89c0","channel":"email","template":"registration-code","language":"en","expiresAt":"2026-11-27T12:55:36.547873+00:00","personal":{"subject":"01a21d0a-2fa3-7af4-ad97-9da63a1c1fb2","data":"AahSMD1\u002BShqi/zY80qmZ3PMmy2AixUzXR9JpmjXJpedj/mom13tfzfsx3QSF4Oh\u002BkrbOSpoTCW8M4AcNsnec14t27Zv1t0JMY8pTRVwOx/MmbsieM\u002B37uYEz5aUabHO/RE5YewLWOWiH/PonCKdipUgwYh2WiTNwMhfeU3rSgTNuiXweEQyx148kcQUXgJEKh9nNKV13EDyf9mYMSJQTaKZEhxlopVW3yMaAOJmuWhFJd3Ac5cPf8thJe79XqQ7ckxVaPaPiIayDoBI8s29ADR4AiTNzGXBRIUVbh4JFqjzP7/DiFHzkgaq09dZKUuoISQVGnO5p/R9qtJP9diuGoxHANPdqKFyRBo3ZJUb/KNYP2oI7\u002B2/jGQ8="}}'),
	('01a21d0a-337c-76ff-80ca-b4d51c528934', 2, 1, 749, 2, '00000000-0001-7000-8000-000000000001', '01a21d0a-2fa3-7af4-ad97-9da63a1c1fb2', NULL, 'notification.delivered.v1', 'gatehouse.notifications', '2026-11-27 12:45:37.532051+00', NULL, '{"notificationId":"01a21d0a-2fa3-7a9c-8035-7af522aa89c0","channel":"email","sender":"inbox"}'),
	('01a21d0a-33a7-77e4-9ad9-187781665596', 3, 1, 753, 3, '00000000-0001-7000-8000-000000000001', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', 1, 'user.registered.v1', 'gatehouse.users', '2026-11-27 12:45:37.575707+00', '00-39000e68b6547860a048ed66cf8e0e69-4d38c545aae6910f-00', '{"userId":"01a21d0a-33a7-7f4e-bdf6-93737aaa41e3","origin":"self","language":"en","personal":{"subject":"01a21d0a-33a7-7f4e-bdf6-93737aaa41e3","data":"AewoMzPQYXDjYAyXgscYJdFOU/t4AcNddQNW0naInAx6J47sEWmXDFw3hBfcCqJhM2KtDQyZh2nRzDD9Yudaa2ya/PJAynKMjjbp0M\u002BnfZMVc4hrOu5V4BlQ2yA4gw=="}}'),
	('01a21d0a-33a7-7d4a-956e-80c3dd491b63', 3, 1, 753, 4, '00000000-0001-7000-8000-000000000001', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', 2, 'user.verified.v1', 'gatehouse.users', '2026-11-27 12:45:37.575707+00', '00-39000e68b6547860a048ed66cf8e0e69-4d38c545aae6910f-00', '{"userId":"01a21d0a-33a7-7f4e-bdf6-93737aaa41e3","channel":"email","method":"code"}'),
	('01a21d0a-33a7-70d6-9fe6-44de86892e3b', 3, 1, 753, 5, '00000000-0001-7000-8000-000000000001', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', 3, 'session.started.v1', 'gatehouse.security', '2026-11-27 12:45:37.575707+00', '00-39000e68b6547860a048ed66cf8e0e69-4d38c545aae6910f-00', '{"userId":"01a21d0a-33a7-7f4e-bdf6-93737aaa41e3","sessionId":"01a21d0a-33a7-7e14-aca9-72545a5742e5","method":"registration","endsAt":"2026-12-27T12:45:37.575707+00:00"}'),
	('01a21d0a-35d3-7a76-bc3d-1d4556266929', 3, 1, 758, 6, '00000000-0001-7000-8000-000000000001', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', 4, 'user.updated.v1', 'gatehouse.users', '2026-11-27 12:45:38.131101+00', '00-5419b94ce8fcff7b7e94addf72ab2b7a-1b2ce0cff0c9d669-00', '{"userId":"01a21d0a-33a7-7f4e-bdf6-93737aaa41e3","personal":{"subject":"01a21d0a-33a7-7f4e-bdf6-93737aaa41e3","data":"ASLET0qRFC32sFsVBfbpbNoSv\u002BML70D\u002BNZ5y2XIbxkx7cXH4MojUcov3\u002BOCP18cGmmLlG\u002BqYXwORvK2bEPztHeNLUIVZhRKW1rCRViG6bk6Q8Wdwj1qIpqL737O8rstzWNgcpoWF8Qzg30NISKqszu6Ebynwup/jRCSAKgwpgVhMNzVwwDzKzUyFNIII17ba6wxE6AG9Rh7pptwQc1kDSoIo9yxUUomL"}}'),
	('01a21d0a-37a9-73f7-8f00-9912edbc4ff6', 3, 1, 763, 7, '00000000-0001-7000-8000-000000000001', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', 5, 'session.started.v1', 'gatehouse.security', '2026-11-27 12:45:38.601458+00', '00-0cbade90efe4a1b2131325c0a8d3d104-7ea4d848051f66f2-00', '{"userId":"01a21d0a-33a7-7f4e-bdf6-93737aaa41e3","sessionId":"01a21d0a-37a9-73d5-9849-3ef65869843b","method":"password","endsAt":"2026-12-27T12:45:38.601458+00:00"}'),
	('01a21d0a-37a9-72fe-803d-f5e68231e333', 3, 1, 763, 8, '00000000-0001-7000-8000-000000000001', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', 6, 'user.signed-in.v1', 'gatehouse.security', '2026-11-27 12:45:38.601458+00', '00-0cbade90efe4a1b2131325c0a8d3d104-7ea4d848051f66f2-00', '{"userId":"01a21d0a-33a7-7f4e-bdf6-93737aaa41e3","sessionId":"01a21d0a-37a9-73d5-9849-3ef65869843b","method":"password","knownDevice":true}'),
	('01a21d0a-3908-76e5-920c-8a40e15208f6', 3, 1, 768, 9, '00000000-0001-7000-8000-000000000001', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', 7, 'session.started.v1', 'gatehouse.security', '2026-11-27 12:45:38.95272+00', '00-74d7a928a28add1957155ba4fe252309-580e12c005334985-00', '{"userId":"01a21d0a-33a7-7f4e-bdf6-93737aaa41e3","sessionId":"01a21d0a-3908-71bb-86f7-c901e4cf1337","method":"password","endsAt":"2026-12-27T12:45:38.95272+00:00"}'),
	('01a21d0a-3908-7af1-a2f8-6e105c1c2b31', 3, 1, 768, 10, '00000000-0001-7000-8000-000000000001', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', 8, 'user.signed-in.v1', 'gatehouse.security', '2026-11-27 12:45:38.95272+00', '00-74d7a928a28add1957155ba4fe252309-580e12c005334985-00', '{"userId":"01a21d0a-33a7-7f4e-bdf6-93737aaa41e3","sessionId":"01a21d0a-3908-71bb-86f7-c901e4cf1337","method":"password","knownDevice":false}'),
	('01a21d0a-3924-7e95-86c3-51677f3d20b8', 3, 1, 771, 11, '00000000-0001-7000-8000-000000000001', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', 9, 'session.revoked.v1', 'gatehouse.security', '2026-11-27 12:45:38.980408+00', '00-1434284d6c233ee30821d09e26250533-1958f94a0a153b19-00', '{"userId":"01a21d0a-33a7-7f4e-bdf6-93737aaa41e3","sessionId":"01a21d0a-3908-71bb-86f7-c901e4cf1337","reason":"signed-out"}'),
	('01a21d0a-3a37-7d97-8b90-6216adc7a8a7', 3, 1, 775, 12, '00000000-0001-7000-8000-000000000001', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', 10, 'session.started.v1', 'gatehouse.security', '2026-11-27 12:45:39.255451+00', '00-7abcf018c9cda9fbd6b619b16a368a6d-0a634a1c241adeac-00', '{"userId":"01a21d0a-33a7-7f4e-bdf6-93737aaa41e3","sessionId":"01a21d0a-3a37-7e52-837a-5007942a07c2","method":"password","endsAt":"2026-12-27T12:45:39.255451+00:00"}'),
	('01a21d0a-3a37-7052-adcc-c4adb29de0ab', 3, 1, 775, 13, '00000000-0001-7000-8000-000000000001', '01a21d0a-33a7-7f4e-bdf6-93737aaa41e3', 11, 'user.signed-in.v1', 'gatehouse.security', '2026-11-27 12:45:39.255451+00', '00-7abcf018c9cda9fbd6b619b16a368a6d-0a634a1c241adeac-00', '{"userId":"01a21d0a-33a7-7f4e-bdf6-93737aaa41e3","sessionId":"01a21d0a-3a37-7e52-837a-5007942a07c2","method":"password","knownDevice":false}'),
	('01a21d0a-3ac8-710a-86ee-7d9aac71d06d', 6, 1, 779, 14, '00000000-0001-7000-8000-000000000001', '01a21d0a-3ac8-75fa-b254-e2eabc0d1e16', NULL, 'notification.requested.v1', 'gatehouse.notifications', '2026-11-27 12:45:39.400252+00', '00-815efe815d9b71bc7241163e678fa7d9-e4d67c8c58a76f89-00', '{"notificationId":"01a21d0a-3ac8-740a-bae0-ff6a2ae65fa8","channel":"email","template":"registration-code","language":"en","expiresAt":"2026-11-27T12:55:39.400252+00:00","personal":{"subject":"01a21d0a-3ac8-75fa-b254-e2eabc0d1e16","data":"AQZXI/JdvuY7qI553PR\u002BBYDFJtc\u002BeWq3lENlclN/NXtpZRgJsJyE9xv7X2MIJ2eJMu6xEhRRucO\u002BctSDlMY9nbqq\u002BhAWTvMFiAdAApIkaVV6irV/9l2x2YoasP0y7DZFD1cp6aYXcjdQTgcnvtfGuvR/Ak7uRdgx00Y1x0xtCfGXKRSwaXIdEYEpzkiI7Cx6axQbI8eHB5nQzFdm5lPgklWBpXEqaye7cgCk0hKUOX9djTuXGlS1wOoNNIZ9B0FexmkLYV6WE6S0hzNqoqThPd9ySUJVsMEzZPjXaOcoyZOKwQK062C\u002BqbdCSdXHfG1lhCcayM69gT\u002B\u002BPNyxvv1ed/ozrUe8IYWPQWKoXKh0FavZmmU9iI4ROWdiBSDapA=="}}'),
	('01a21d0a-3b2e-7682-92ce-24548079ae91', 6, 1, 785, 15, '00000000-0001-7000-8000-000000000001', '01a21d0a-3ac8-75fa-b254-e2eabc0d1e16', NULL, 'notification.delivered.v1', 'gatehouse.notifications', '2026-11-27 12:45:39.50253+00', NULL, '{"notificationId":"01a21d0a-3ac8-740a-bae0-ff6a2ae65fa8","channel":"email","sender":"inbox"}'),
	('01a21d0a-3b79-7f12-8eb6-109d9abecb24', 0, 1, 789, 16, '00000000-0001-7000-8000-000000000001', '01a21d0a-3b79-7106-9d6e-7e5784f1a740', 1, 'user.registered.v1', 'gatehouse.users', '2026-11-27 12:45:39.577298+00', '00-53a1360f4891e1d55e7ae3eb11124cc6-26eb97363ce4dfa3-00', '{"userId":"01a21d0a-3b79-7106-9d6e-7e5784f1a740","origin":"self","language":"en","personal":{"subject":"01a21d0a-3b79-7106-9d6e-7e5784f1a740","data":"ARl6GspH5HyEPaVwJSFhMwA1xLL7aa/yjJpT4Hrwe7cqnnhXJrzAMUXQCK4EAodtnkiQ/c3EyN7sehFAfajkEAJbWImy"}}'),
	('01a21d0a-3b79-794a-9520-5b18c65ba77e', 0, 1, 789, 17, '00000000-0001-7000-8000-000000000001', '01a21d0a-3b79-7106-9d6e-7e5784f1a740', 2, 'user.verified.v1', 'gatehouse.users', '2026-11-27 12:45:39.577298+00', '00-53a1360f4891e1d55e7ae3eb11124cc6-26eb97363ce4dfa3-00', '{"userId":"01a21d0a-3b79-7106-9d6e-7e5784f1a740","channel":"email","method":"code"}'),
	('01a21d0a-3b79-7610-8531-6df42af577d7', 0, 1, 789, 18, '00000000-0001-7000-8000-000000000001', '01a21d0a-3b79-7106-9d6e-7e5784f1a740', 3, 'session.started.v1', 'gatehouse.security', '2026-11-27 12:45:39.577298+00', '00-53a1360f4891e1d55e7ae3eb11124cc6-26eb97363ce4dfa3-00', '{"userId":"01a21d0a-3b79-7106-9d6e-7e5784f1a740","sessionId":"01a21d0a-3b79-70b8-aa35-ad48787fe99f","method":"registration","endsAt":"2026-12-27T12:45:39.577298+00:00"}'),
	('01a21d0a-3f8f-7a94-a16c-785efcde5203', 13, 1, 817, 25, '00000000-0001-7000-8000-000000000001', '01a21d0a-3eac-7702-8e14-081b6b56d20d', NULL, 'notification.delivered.v1', 'gatehouse.notifications', '2026-11-27 12:45:40.623655+00', NULL, '{"notificationId":"01a21d0a-3eac-7a62-94a5-c512e3206670","channel":"email","sender":"inbox"}'),
	('01a21d0a-3cbf-7544-99b0-4c301efe098a', 10, 1, 795, 19, '00000000-0001-7000-8000-000000000001', '01a21d0a-3cbf-7565-845d-a72f5f59b54a', NULL, 'notification.requested.v1', 'gatehouse.notifications', '2026-11-27 12:45:39.903582+00', '00-64b4e7a635357b4fa77c73aa5c886c50-9ce54097bfcd16f6-00', '{"notificationId":"01a21d0a-3cbf-783e-9272-46fb6ed88254","channel":"email","template":"registration-code","language":"en","expiresAt":"2026-11-27T12:55:39.903582+00:00","personal":{"subject":"01a21d0a-3cbf-7565-845d-a72f5f59b54a","data":"AYqzTEzIRfOqIedBxtvvvnsQ6u3oHsGQHtxVxIAv\u002BdPx54RQe6QvD3ORz9JiwSDJj8VrqFmlE3Xw0OSVb9ueEFYk8hhkK3IjAEoRkr/orrkBTLKJ8f8L7wN8I/RyPUapHrjwGgP\u002BhflV5OPyPq4jYTaw6Q2oPfRE3BbySRrrjWhdcWUjbMhxU0BpWrrtusRWBXMu0zvhl0b3rDpmFQwibgEZyyQ0CaH62FgRoDqbN2JXKqWf7q3itnevJ4JslADMe7LnWAV0Wj1QG7gNU\u002BrOR0LmR5Cv8Q67WAYU4coTcLSvJrUS01SHvjaEqBwitiNdy8mquoTeSNFku2DDTBicpciApDVSImxY4SUBbP2mMX6H0XBRn/cMIrU="}}'),
	('01a21d0a-3ce3-71a5-89dd-a65d5419c258', 10, 1, 801, 20, '00000000-0001-7000-8000-000000000001', '01a21d0a-3cbf-7565-845d-a72f5f59b54a', NULL, 'notification.delivered.v1', 'gatehouse.notifications', '2026-11-27 12:45:39.939459+00', NULL, '{"notificationId":"01a21d0a-3cbf-783e-9272-46fb6ed88254","channel":"email","sender":"inbox"}'),
	('01a21d0a-3d44-708b-b61f-f0044d3b9d28', 4, 1, 805, 21, '00000000-0001-7000-8000-000000000001', '01a21d0a-3d44-7d06-8ad7-a7913906c904', 1, 'user.registered.v1', 'gatehouse.users', '2026-11-27 12:45:40.036591+00', '00-592e2cb3f5e1db61d361b6745d32e083-20e54d1bb1c0b9f3-00', '{"userId":"01a21d0a-3d44-7d06-8ad7-a7913906c904","origin":"self","language":"en","personal":{"subject":"01a21d0a-3d44-7d06-8ad7-a7913906c904","data":"AZIWcSR7Ro7Z89rt7J1ot6Een4h23sJIA6qj2eqUBAAU28A9/dhS4rnKsx6LFrtrPri0gau\u002B92N5BSBKMakuYBVkeF73"}}'),
	('01a21d0a-3d44-7db4-9d89-14770e52fabd', 4, 1, 805, 22, '00000000-0001-7000-8000-000000000001', '01a21d0a-3d44-7d06-8ad7-a7913906c904', 2, 'user.verified.v1', 'gatehouse.users', '2026-11-27 12:45:40.036591+00', '00-592e2cb3f5e1db61d361b6745d32e083-20e54d1bb1c0b9f3-00', '{"userId":"01a21d0a-3d44-7d06-8ad7-a7913906c904","channel":"email","method":"code"}'),
	('01a21d0a-3d44-7e71-a1f2-c96b1efaf076', 4, 1, 805, 23, '00000000-0001-7000-8000-000000000001', '01a21d0a-3d44-7d06-8ad7-a7913906c904', 3, 'session.started.v1', 'gatehouse.security', '2026-11-27 12:45:40.036591+00', '00-592e2cb3f5e1db61d361b6745d32e083-20e54d1bb1c0b9f3-00', '{"userId":"01a21d0a-3d44-7d06-8ad7-a7913906c904","sessionId":"01a21d0a-3d44-7b28-b7bc-d6bc35e071f6","method":"registration","endsAt":"2026-12-27T12:45:40.036591+00:00"}'),
	('01a21d0a-3ff0-7402-ae6a-250a5c4c99f2', 9, 1, 821, 26, '00000000-0001-7000-8000-000000000001', '01a21d0a-3ff0-7a6b-9bc2-739bc53e5c99', 1, 'user.registered.v1', 'gatehouse.users', '2026-11-27 12:45:40.720357+00', '00-81feea0d3d3dbff88133e02d1bdb6759-a1583d0c94acd8e5-00', '{"userId":"01a21d0a-3ff0-7a6b-9bc2-739bc53e5c99","origin":"self","language":"en","personal":{"subject":"01a21d0a-3ff0-7a6b-9bc2-739bc53e5c99","data":"ARtCGLBSDTTg\u002BAAZ4po6LzSxYBSYipuCfjy1pk1fd\u002Bc0ZNC8e\u002BpdHdDPMCjRRsNTRb\u002BwEcYYdOdnDTTc1SqhdY1mchFEe1Y="}}'),
	('01a21d0a-3ff0-75b6-9ad6-c77f13c58add', 9, 1, 821, 27, '00000000-0001-7000-8000-000000000001', '01a21d0a-3ff0-7a6b-9bc2-739bc53e5c99', 2, 'user.verified.v1', 'gatehouse.users', '2026-11-27 12:45:40.720357+00', '00-81feea0d3d3dbff88133e02d1bdb6759-a1583d0c94acd8e5-00', '{"userId":"01a21d0a-3ff0-7a6b-9bc2-739bc53e5c99","channel":"email","method":"code"}'),
	('01a21d0a-3ff0-7995-b9e4-3c15fd4cbe4a', 9, 1, 821, 28, '00000000-0001-7000-8000-000000000001', '01a21d0a-3ff0-7a6b-9bc2-739bc53e5c99', 3, 'session.started.v1', 'gatehouse.security', '2026-11-27 12:45:40.720357+00', '00-81feea0d3d3dbff88133e02d1bdb6759-a1583d0c94acd8e5-00', '{"userId":"01a21d0a-3ff0-7a6b-9bc2-739bc53e5c99","sessionId":"01a21d0a-3ff0-7d08-895b-b714643c1635","method":"registration","endsAt":"2026-12-27T12:45:40.720357+00:00"}'),
	('01a21d0a-3eac-7d13-9ba6-9c85f6dda22d', 13, 1, 811, 24, '00000000-0001-7000-8000-000000000001', '01a21d0a-3eac-7702-8e14-081b6b56d20d', NULL, 'notification.requested.v1', 'gatehouse.notifications', '2026-11-27 12:45:40.396728+00', '00-6edb7783bb0bf3d13dbd2a135b4425f2-c196bad008366b32-00', '{"notificationId":"01a21d0a-3eac-7a62-94a5-c512e3206670","channel":"email","template":"registration-code","language":"en","expiresAt":"2026-11-27T12:55:40.396728+00:00","personal":{"subject":"01a21d0a-3eac-7702-8e14-081b6b56d20d","data":"AXmPI/lqDjLwmFpL\u002BfbiUa3b0lXJBpNahN2a1d0CE\u002BYCORjG9KijVrZiVcHMEqBwQ6SWkC4\u002BS5Fw1nBpwZJYDJPsi1SD0Y3cYuKlGzVbWZAAn2X90lUWiQyY93f3Q\u002BEQI9jYUGWf1IhxfO7Qzk7//\u002Bnb9XLTmDVUm\u002BYWR6/OrffXURUARqLNdE0TssA1Hps0\u002BYLEuJwE0gjz56ttZEAdpajf1Wim7SDF9T7KCMjZUoNpNigHOv8QYQK6Yf00X2wmC1cBw2h2jyBK4ItDaLeas89Vr4t9WNa7B\u002BJDOy7hG8MobNJc7dUGd8CH3lRAQYLbyEG99oTkLeaOIP2JZIGkWdxAT6Da1A92ycKDomp\u002BoGU12niJeTTuU\u002BwrBQ=="}}'),
	('01a21d0a-41a4-7fa1-88d2-072d62bcc32c', 4, 1, 827, 29, '00000000-0001-7000-8000-000000000001', '01a21d0a-3d44-7d06-8ad7-a7913906c904', 4, 'user.sign-in-failed.v1', 'gatehouse.security', '2026-11-27 12:45:41.156738+00', '00-4a9eff027164ae3af89b7d6b57b964d5-67c510ff9f037c1a-00', '{"userId":"01a21d0a-3d44-7d06-8ad7-a7913906c904","method":"password","failures":1}'),
	('01a21d0a-4296-7a83-91a7-7f38a48e21ea', 4, 1, 831, 30, '00000000-0001-7000-8000-000000000001', '01a21d0a-3d44-7d06-8ad7-a7913906c904', 5, 'user.sign-in-failed.v1', 'gatehouse.security', '2026-11-27 12:45:41.398453+00', '00-154022f37bc29220382e31548d196a42-c8e2b21301cc4abc-00', '{"userId":"01a21d0a-3d44-7d06-8ad7-a7913906c904","method":"password","failures":2}'),
	('01a21d0a-43d3-73ea-8c47-5e72de10cbd1', 4, 1, 835, 31, '00000000-0001-7000-8000-000000000001', '01a21d0a-3d44-7d06-8ad7-a7913906c904', 6, 'user.sign-in-failed.v1', 'gatehouse.security', '2026-11-27 12:45:41.715807+00', '00-2b9e836f1dd677fa6fc07a4f2f7d8c44-cf7f65631ac4d357-00', '{"userId":"01a21d0a-3d44-7d06-8ad7-a7913906c904","method":"password","failures":3}'),
	('01a21d0a-46df-792b-a571-0caf69e8bf29', 4, 1, 839, 32, '00000000-0001-7000-8000-000000000001', '01a21d0a-3d44-7d06-8ad7-a7913906c904', 7, 'user.sign-in-failed.v1', 'gatehouse.security', '2026-11-27 12:45:42.495401+00', '00-fd5b97028d8932e74fc51352ea5da7ff-ca6ed082449d817d-00', '{"userId":"01a21d0a-3d44-7d06-8ad7-a7913906c904","method":"password","failures":4}'),
	('01a21d0a-4937-7135-9af4-513c4f65a5ee', 4, 1, 843, 33, '00000000-0001-7000-8000-000000000001', '01a21d0a-3d44-7d06-8ad7-a7913906c904', 8, 'user.sign-in-failed.v1', 'gatehouse.security', '2026-11-27 12:45:43.095629+00', '00-46acfa82e9a8d1864528cfb4eaee498d-de1f7b3e5f657148-00', '{"userId":"01a21d0a-3d44-7d06-8ad7-a7913906c904","method":"password","failures":5}'),
	('01a21d0a-4e7e-7695-b911-1a2a68d4ef31', 4, 1, 848, 34, '00000000-0001-7000-8000-000000000001', '01a21d0a-3d44-7d06-8ad7-a7913906c904', 9, 'user.sign-in-failed.v1', 'gatehouse.security', '2026-11-27 12:45:44.446942+00', '00-89d0daa4f613b20493c302e97569f534-266c7eff0c49d30c-00', '{"userId":"01a21d0a-3d44-7d06-8ad7-a7913906c904","method":"password","failures":6}'),
	('01a21d0b-7468-7124-b1f4-8bcac568d8c6', 0, 1, 866, 35, '00000000-0001-7000-8000-000000000001', '01a21d0b-7468-7d0c-83ae-e1ae2901ad90', 1, 'user.registered.v1', 'gatehouse.users', '2026-11-27 12:46:59.688221+00', NULL, '{"userId":"01a21d0b-7468-7d0c-83ae-e1ae2901ad90","origin":"operator","language":"en","personal":{"subject":"01a21d0b-7468-7d0c-83ae-e1ae2901ad90","data":"ASQMCW4/2BaRnQid\u002BAmIV7m6ym\u002BPXCjFFPOHvy1aK5PnrPreHD\u002B6ZFwWGa8Qb/tk0DVlrII9PjaWxcX2oujhYHklzijyxLI3grJzlfEaRWZZe6\u002Bpqnl8OJZTtJJTAECMj0Bq7g=="}}'),
	('01a21d0b-7468-7af4-b364-e7e4f9d01401', 0, 1, 866, 36, '00000000-0001-7000-8000-000000000001', '01a21d0b-7468-7d0c-83ae-e1ae2901ad90', 2, 'user.verified.v1', 'gatehouse.users', '2026-11-27 12:46:59.688221+00', NULL, '{"userId":"01a21d0b-7468-7d0c-83ae-e1ae2901ad90","channel":"email","method":"operator"}'),
	('01a21d0b-f1b4-7b3f-868f-3fcbb2e4e33d', 4, 1, 874, 37, '00000000-0001-7000-8000-000000000001', '01a21d0b-f1b4-7a91-9679-354dd6cc7454', NULL, 'notification.requested.v1', 'gatehouse.notifications', '2026-11-27 12:47:31.764892+00', '00-6f71e4cb028f20987c4009c7486f4ec7-fb17a8eb6109be9f-00', '{"notificationId":"01a21d0b-f1b4-7056-9e22-e2ee390b43a8","channel":"email","template":"registration-code","language":"en","expiresAt":"2026-11-27T12:57:31.764892+00:00","personal":{"subject":"01a21d0b-f1b4-7a91-9679-354dd6cc7454","data":"Aa\u002B1yHg8uxXsaYEjTlNU3efUAWyQsArY759dFj7u59G1SSHdbPQydxWeJXKLGUo\u002BNK7kKB14fC4vLAbsrUE\u002BHe9Y7WIsSI75uC6UNJP0law/\u002BQqMFakhlK2YyJdG8urspKFqbFWpPUt/6GkhEu1KsSZpawSJqrd36gbRGbdpD9YlpGeDIegsHr3qU8GktDAvypFxGro4DHQVubYs/dSZ\u002BK2GCGTM\u002B\u002BpGAsEePnV4LmoZxNUIQQHV8mpTcOtzE10EaEkLhPcjQZwgMhRRte5QqTeazUCAX1KG8Djvb\u002BLL1vCxuv9bNpLepJRaC6bFW50dtDBOGVY8bMGMfg4qAEZXTN2Z1mckItdE3OG\u002B3t9pefxvkfNp07FC64zhpWWg"}}'),
	('01a21d0b-fe55-716e-979b-943af9a2dac4', 4, 1, 882, 38, '00000000-0001-7000-8000-000000000001', '01a21d0b-f1b4-7a91-9679-354dd6cc7454', NULL, 'notification.delivered.v1', 'gatehouse.notifications', '2026-11-27 12:47:34.997995+00', NULL, '{"notificationId":"01a21d0b-f1b4-7056-9e22-e2ee390b43a8","channel":"email","sender":"inbox"}'),
	('01a21d0c-0a2f-7a9e-81b1-00c162257b48', 0, 1, 898, 39, '00000000-0001-7000-8000-000000000001', '01a21d0c-0a2f-7cac-97f2-cb765b406110', NULL, 'notification.requested.v1', 'gatehouse.notifications', '2026-11-27 12:47:38.031175+00', '00-18a60c5e187a00144772e7711ca72077-880880eb7b8ecaab-00', '{"notificationId":"01a21d0c-0a2f-7b28-97e1-0970266103ab","channel":"email","template":"registration-code","language":"en","expiresAt":"2026-11-27T12:57:38.031175+00:00","personal":{"subject":"01a21d0c-0a2f-7cac-97f2-cb765b406110","data":"ARIxv0QXGXlkcnsKrPBe7ZBEOUzEUVIin\u002BcNrXHXjVvGKyFKy18aBeBiSFNg6lPFinUVZUbs0RrY83LKrLn1RNFjG6TbQphMM87b7wylCazZfvlxxG94dckqOelEO10\u002BKeLbGjU\u002B5KUHPbp9268X89oHAhZGQz/xsnxxEa1xsCsJnWnShN1cs421zDVkRyBd0ZxJq90KY51T4phcaK1btVwFVe1qsLaLw8yUykxu0uUQIEOFqeNCr6wQCjYjmUW/nvXv4TK5z8ovqKOC0aKrDMnl597DwNPm2E9VH4356tsM4phdQSh8mew8rRkWyKN4VV38nRhhC/Fa/FkhgmVDpmAjPTZKws3/k\u002BkmZ1vbQBeLMewg2f2RR3cqV9DjjRHC"}}'),
	('01a21d0c-0ad3-7e17-ae04-a2d39c20b550', 0, 1, 904, 40, '00000000-0001-7000-8000-000000000001', '01a21d0c-0a2f-7cac-97f2-cb765b406110', NULL, 'notification.delivered.v1', 'gatehouse.notifications', '2026-11-27 12:47:38.195625+00', NULL, '{"notificationId":"01a21d0c-0a2f-7b28-97e1-0970266103ab","channel":"email","sender":"inbox"}'),
	('01a21d0c-f4c8-70f9-ac04-c467a8528ffe', 0, 1, 941, 41, '00000000-0001-7000-8000-000000000001', '01a21d0c-0a2f-7cac-97f2-cb765b406110', NULL, 'notification.requested.v1', 'gatehouse.notifications', '2026-11-27 12:48:38.088555+00', '00-64cff5cf57f70abb2e9d6fa8e81e7c36-6315b5df82a321dc-00', '{"notificationId":"01a21d0c-f4c8-7d3e-9c79-a3ca35f5d96d","channel":"email","template":"registration-code","language":"en","expiresAt":"2026-11-27T12:58:38.088555+00:00","personal":{"subject":"01a21d0c-0a2f-7cac-97f2-cb765b406110","data":"AcRwEMYYbM3foD0QqgnH5xED1HvfYoOWM3QR3IARG/kWA1W7N\u002BPMf99Vg\u002BS0GnOpsPNolWJvYqUmJrJZdRMfy2OXlqROvbwkLYKoQIdhM4KIS3vU\u002B0jas1N0IXI61dhNpLta/h7dscw7BA9YJlAtNW/GOdow89Vadcv32kP2rulusO24JF8a3MFUodQjT9dBYLFpXSwbc2aZGCNwZmWyiv/Sc2Uz6OSxS2CNfjW9QrK2Ry1CxjRXA2QhVbQbO615Rhg7EJbpcRGdKm8UzgaGdaCKyJY5g4NSfEE/5Nx7cg1grmeWVJzOYIKePl29z8Ur2wbev2AjYVALTKAxk8ERtU7ceT8cvr8aSB1oxiKcoaTyQfgyOpjOBSVVCvQdlcJb"}}'),
	('01a21d0c-f540-7bce-861a-d6e2036fbe0d', 0, 1, 947, 42, '00000000-0001-7000-8000-000000000001', '01a21d0c-0a2f-7cac-97f2-cb765b406110', NULL, 'notification.delivered.v1', 'gatehouse.notifications', '2026-11-27 12:48:38.208063+00', NULL, '{"notificationId":"01a21d0c-f4c8-7d3e-9c79-a3ca35f5d96d","channel":"email","sender":"inbox"}'),
	('01a21d0c-f749-7783-a614-6d62af313eaf', 0, 1, 951, 43, '00000000-0001-7000-8000-000000000001', '01a21d0c-f749-7340-a505-4a6fc1055e30', NULL, 'notification.requested.v1', 'gatehouse.notifications', '2026-11-27 12:48:38.729873+00', '00-be1ea9607d4b7606ca838c52ee9473b9-71c41828b0b0a7c3-00', '{"notificationId":"01a21d0c-f749-780e-b95b-17a09df423c6","channel":"email","template":"registration-code","language":"en","expiresAt":"2026-11-27T12:58:38.729873+00:00","personal":{"subject":"01a21d0c-f749-7340-a505-4a6fc1055e30","data":"ARQxmAjakLwnyot4rVPOrdah\u002BKRXjxcGo/0W5eJgbUJ0j3uciU06p7/KvtRxoySdIf9TSwI\u002BsW\u002By3R4sEZ81wQkgCl\u002Begts7C2E9RjVsA9XbegN0c1zyA9HVr00WLLSXYsSOzJ\u002BidTK6jlUBMVYDEXKqmfz8Zi1YudSOOJXoO6btYhDMvgKmadGxtSwhe0mxQlhYFRiKsI5AqlluQd1GkRXgeEObgc\u002BxmU2Hcze2ylT1KNk8XIn5PbCxWxWy6\u002B1Sid\u002B\u002B0Xbb5XCuREzxGOvtWZyeUe1omt2wF6gNRr6/PyvgGnxfoi3ocOj93a/JDVGdc5eg3iSqylrgJWSMF/W9c9GaZEEZoveiUP3e92l1GCd6yu3U0N2U4LvUH\u002BPH"}}'),
	('01a21d0c-f773-7b97-a7d0-d01696909b5d', 0, 1, 957, 44, '00000000-0001-7000-8000-000000000001', '01a21d0c-f749-7340-a505-4a6fc1055e30', NULL, 'notification.delivered.v1', 'gatehouse.notifications', '2026-11-27 12:48:38.771539+00', NULL, '{"notificationId":"01a21d0c-f749-780e-b95b-17a09df423c6","channel":"email","sender":"inbox"}'),
	('01a21d0c-f94b-75d0-8f96-199c3307f82c', 5, 1, 962, 45, '00000000-0001-7000-8000-000000000001', '01a21d0c-f94b-75c7-9a57-a3017c3e0915', NULL, 'notification.requested.v1', 'gatehouse.notifications', '2026-11-27 12:48:39.243586+00', '00-ceb1e73a410794e9551052310b2010ab-87c4a6dbcf5c85ab-00', '{"notificationId":"01a21d0c-f94b-7abc-a35d-180712e4e2ac","channel":"email","template":"registration-code","language":"en","expiresAt":"2026-11-27T12:58:39.243586+00:00","personal":{"subject":"01a21d0c-f94b-75c7-9a57-a3017c3e0915","data":"AdhD5CEtDJ1n6d6T250qKZvbhusFDZNCU9gYW4Yy881gnGglCCPeGsT0J9TVVjF5CqbbTlbdIQ442BDKpW9MT8yB5hQD5Q9gRVCYE\u002BrTP8nDpYcbXccABFTvbal0Rff5ayg5DD9OyTLX6v9gZyzjnOJ6qGONvVuRX1rN0QX3dJYbyG\u002BKPQTta5bKoEHbrWuS37LHxvB0hX3JFbc7fzGDY9HsXRpRZrleICyW0ImYv6XE01lYg6IHGOymW4QH4PJw2JmC5ftqg3FE3eMqPCMTIPp\u002BpvMMUA3tQ80mhJCVBJWqzW\u002Bna\u002BH/\u002BNBPYX5of9TZYsSm8X6po3lrdPSrPDwrCuLAO\u002BWXj/DIubX2gPhjdtlM38xxm3a01QvEEWP2CxImugfA4AZRr07QPDcj4B5Gi1tQy6xSZQ=="}}'),
	('01a21d0c-f99d-7ea4-b670-d822424ff568', 5, 1, 968, 46, '00000000-0001-7000-8000-000000000001', '01a21d0c-f94b-75c7-9a57-a3017c3e0915', NULL, 'notification.delivered.v1', 'gatehouse.notifications', '2026-11-27 12:48:39.325779+00', NULL, '{"notificationId":"01a21d0c-f94b-7abc-a35d-180712e4e2ac","channel":"email","sender":"inbox"}'),
	('01a21d0d-007f-7337-91bd-7a00c368a343', 0, 1, 1006, 52, '00000000-0001-7000-8000-000000000001', '01a21d0b-7468-7d0c-83ae-e1ae2901ad90', NULL, 'notification.delivered.v1', 'gatehouse.notifications', '2026-11-27 12:48:41.087555+00', NULL, '{"notificationId":"01a21d0d-0019-78ce-86a7-fbe52df53367","channel":"email","sender":"inbox"}'),
	('01a21d0c-fb2b-7150-b5a6-92bc70a0c228', 4, 1, 973, 47, '00000000-0001-7000-8000-000000000001', '01a21d0c-fb2b-7ca7-8804-043f515bb2c4', NULL, 'notification.requested.v1', 'gatehouse.notifications', '2026-11-27 12:48:39.723553+00', '00-5acee7ea4b0ebec4eafcb0becceec271-7f52528e1a5d8e1c-00', '{"notificationId":"01a21d0c-fb2b-7be1-8c83-754e9c183052","channel":"email","template":"registration-code","language":"en","expiresAt":"2026-11-27T12:58:39.723553+00:00","personal":{"subject":"01a21d0c-fb2b-7ca7-8804-043f515bb2c4","data":"AUnMEhjwfyWd/uQnuLxcuDqVjxJmSdNamHWuo8OptY3SEK9\u002B4thBGVFwnjoQsYzft4J\u002B6KtTeSry6mWtC7SXPHB2lpyuFOw2D97Kbm8QR/Ln6Jr6vSkrjJELwwGEZX26RC/YEI2AoW3WBG3igOeyw47sBNKsRuPzdp5Q2TGq1xBD8SSlyQJtnQT2e6qm3EUZfusdYIs488EDYAEyKF1qBN/8mEvTAYa/dvhv7gfLH\u002Bg3Xoskk9qB8MsD\u002BsTUWKWgTTzPeWGxVBfwk9htWHynWuDmpuIaSI\u002BJkH/kPiQejCNql2PJla1\u002BPwRV6BcMG68R4W2Tu\u002BRjSDrLLsuFOBPCv01ICeYCR/RiKVQ000uocp1u1gcG9/RHlYB31w=="}}'),
	('01a21d0c-fb84-7abe-b90b-98f835af355c', 4, 1, 980, 48, '00000000-0001-7000-8000-000000000001', '01a21d0c-fb2b-7ca7-8804-043f515bb2c4', NULL, 'notification.delivered.v1', 'gatehouse.notifications', '2026-11-27 12:48:39.812504+00', NULL, '{"notificationId":"01a21d0c-fb2b-7be1-8c83-754e9c183052","channel":"email","sender":"inbox"}'),
	('01a21d0c-fc45-7862-835d-b80e2053c49f', 0, 1, 986, 49, '00000000-0001-7000-8000-000000000001', '01a21d0a-3b79-7106-9d6e-7e5784f1a740', 4, 'notification.requested.v1', 'gatehouse.notifications', '2026-11-27 12:48:40.00585+00', NULL, '{"notificationId":"01a21d0c-fc45-7c64-bfee-8ee1936ad373","channel":"email","template":"password-reset","language":"en","expiresAt":"2026-11-27T12:58:40.00585+00:00","personal":{"subject":"01a21d0a-3b79-7106-9d6e-7e5784f1a740","data":"AYdMMAL9Z8rGr7\u002Biz9/cGkqkEGCTWDKE262JxnbTUj6Tkoalnl2PoYbhyYIq/6Jhq50huSj6qXypJCdzNcj5a8rPRzYl5qTiBQ4mFzJno9Qd1ZXfRHyr4K\u002BadwAvAeEjxIycHcZjrv8uZKjn6WdAlVWwPsK3I1kSw/uQBbXlJP/lkNpFtkj3QvJsKM07jw/1TngqU3WpQMQx0WawUfdT\u002BQQi0kjSNA\u002BPVyksbyecVqm6vLYEX\u002BmjAsVUEbY5qYdNFpEpA\u002B\u002Bk/w1uXPxHwJ\u002BZrpqdEVsK9GYyk66vRvidvUP\u002BMOLkhfTqIvOYnHxNhsadh4sfIBLO49lG8p8FZbQwoJcmo6ILm5qIojrj4jasMAYrJtW/8bMW3dFmm8860vY92lATKU8u6yYxjRi2kN/IT1A8hbi7hb01ewcuESsT1QpcGfDzDVwU6w=="}}'),
	('01a21d0c-fd15-7388-bcec-fbd047160959', 0, 1, 993, 50, '00000000-0001-7000-8000-000000000001', '01a21d0a-3b79-7106-9d6e-7e5784f1a740', NULL, 'notification.delivered.v1', 'gatehouse.notifications', '2026-11-27 12:48:40.213621+00', NULL, '{"notificationId":"01a21d0c-fc45-7c64-bfee-8ee1936ad373","channel":"email","sender":"inbox"}'),
	('01a21d0d-06c9-7490-a283-15bed4df6f83', 10, 1, 1016, 54, '00000000-0001-7000-8000-000000000001', '01a21d0d-06c9-72f4-b4f7-6f6fecd2c2ea', NULL, 'notification.requested.v1', 'gatehouse.notifications', '2026-11-27 12:48:42.697214+00', '00-ce86f2007a2cbfbfde58f180b3b00d08-0f9929eb5b212b9a-00', '{"notificationId":"01a21d0d-06c9-7c36-b7c4-0eda09a9534b","channel":"email","template":"registration-code","language":"en","expiresAt":"2026-11-27T12:58:42.697214+00:00","personal":{"subject":"01a21d0d-06c9-72f4-b4f7-6f6fecd2c2ea","data":"AY3OEd8IKuVkl56agphr1b/\u002BHkVoeUBOYZ6X5751iyYyfxJyVWs16bckpJX/BUdqeNAiphOdDw76oX3fSjqy09RGf/ArEtrJiWxDEh51tFdVSmEqJO8QQASmROk9qsQHP1qWc3c2pB9O7mHsrqIfMOVGlWnZF1AHZKT3XsCn45H2keYyc32bLxdU0XcFpjQu7bLXxjr6E96DaDal8T3D7p3rapfPVEqlCoZXA1vZNKv/zAjlCQ7D1c7nO9zg5bZ6kSSFjByjni1gOHeu4PlV8XrDRkGm1sZ\u002BtSxVLnHOBgB/pM55Hftj0mGZxQfgMtVhUUf7HGuDarO03BEsOQowKWjT2OAqmLdbjKUZ\u002BYJhJRz5bXAVOzKo9NMYD9H/8V4P"}}'),
	('01a21d0d-0019-735b-bb90-9307e1ededa7', 0, 1, 1000, 51, '00000000-0001-7000-8000-000000000001', '01a21d0b-7468-7d0c-83ae-e1ae2901ad90', 3, 'notification.requested.v1', 'gatehouse.notifications', '2026-11-27 12:48:40.985975+00', NULL, '{"notificationId":"01a21d0d-0019-78ce-86a7-fbe52df53367","channel":"email","template":"password-reset","language":"en","expiresAt":"2026-11-27T12:58:40.985975+00:00","personal":{"subject":"01a21d0b-7468-7d0c-83ae-e1ae2901ad90","data":"AVkvPEgpI0M6Tca1ObuOBI3AvhDevR/ltPmQ2Amv7cfeWtkZYp5omaG9H\u002BXdYJ1xlK4yGaxjskc9erEAWnhoP2G3Sd7UUGOCzCTTMr8eDLfK0cGf4PVqiG2LMRpPLvvVOgLwCyUCP3UkDVNz1xRo58uTK8yx0WTepi/\u002BWP9gx\u002Bw2/I6rG\u002BMLmx9HkP7RHJWHkCuFyPy\u002B8nWSNAkE/JQUxQWakzW9FG45bZJa2KV/qiT41rY6kfZbQIOdTWVNld/FiqAzJMaud4VeUJR7G5effIOv0ExpXB4rbvBYke7ebNrBV4F0HcQFiaspnU84s94r3/SaF2Cv9YiXs1QTqHMlFDi5I7vZ427WQ8p4V7RSZHJQiKnOtQPS9iEBlsxbFetCk\u002B6iTWMoB6u5CSVz8FUeWDXe46l\u002BPm3RRx5Uk8KU96O0iO6ZPe0kdtP4uk0="}}'),
	('01a21d0d-0383-7ab6-b91a-d36ba32a43f7', 10, 1, 1010, 53, '00000000-0001-7000-8000-000000000001', '01a21d0d-0383-7c01-8a21-7c25eb6641aa', NULL, 'notification.requested.v1', 'gatehouse.notifications', '2026-11-27 12:48:41.859527+00', '00-c189f95f70d63f8786350e81172d1f58-d59e6829103229cf-00', '{"notificationId":"01a21d0d-0383-7515-b1d1-55bd920e781a","channel":"email","template":"registration-code","language":"en","expiresAt":"2026-11-27T12:58:41.859527+00:00","personal":{"subject":"01a21d0d-0383-7c01-8a21-7c25eb6641aa","data":"AYtqTOT7MeJTYDN80sampE0h89KI3iKt/M1tRYAE\u002BBRkS7P8GfhaOkyfZlTLJKLmTRl\u002Bq8BRgpReINOXrMSbdqwhXemls/vTOHKRu5vr2NH2a4CWq576\u002Bh9ijJMhxHOwxqeUKJdpjEhUPShVuD1C84xdCpJ7lmfqgKtiSEtE2SbfcUZylCS81i2PmT52d8Q3iH092xvjnxhbU/EG5IozkKVAgmeaqE/Rgf/YvuoFcADTVuGfH59VuRFAqoT6rvNOfrC0DuVPXpW8R68nPXTZJNyGHs3qkpLNrAsYxbI40NY0AmqCBJpO85RcAhxS\u002BzqZhh34bos6nt0T1NKhyJlBUl3ID3UosVrj1fCyfE00fw/fhyrx\u002BGX3md12lF9I4wh14G\u002Bh"}}');
INSERT INTO runtime.idempotency_keys VALUES
	('00000000-0001-7000-8000-000000000001', 'anonymous', 'POST /v1/registrations', '\xcedd5890c60cc5cc1ba4612c86fb6d510fc93700e01a980651f80fd507934174', '\x3c18ae108873dcde68a33db3b919b4a029dbd9c989a0b94193edd04d1402d30d', '01a21d0c-f9f2-7e61-9391-0a7627b3ab5e', '\x01dfac36eaef77a42f890f3998b6bcf876402c69012dd0993aa02c417f58be75b6cc058bd5c65fe70cd1a13aba30b018f369c2532db994d580dbbca44307e6bb555558095ceac9678537e38409fb6cc6e9f2c1d5011cdb5945631a4675ffa6f4b9a8828d536eef601c27603f143f03089a7868e1bb476d48c451bf921936ad8ed4573e13872a671f9ad830f9f0461997cc5f50cf3cea75fecb6f2eb8329d3211e8e374ae01d665155521d35cfbc7f3cbc346814968289f620acc3b7a2df870b07170948b3d963a749470a989e03871fb5a35aea0bffe4078b18d7dc9bf2c3d3e787d0492f550ca7d235c8eb4453fd5747e558e26568f8fc85bed6a062c7ad0e4e6a6af7e9b8118ed5ff4ceb097892e15e61ad02ecec189492a594c50e03b7c61132ca6bd0ea8113007acd2d7410eb729972f6977a5aa1640a489d1f6de7e065b0c90029678cd6f17747894631fc29a92c2ddf6bb7170270cdd09', '2026-11-27 12:48:39.410016+00');
INSERT INTO runtime.inbox_20261127 VALUES
	('01a21d0a-2fa3-75a4-af1f-6dac0f223fca', 'notifications.send', 'done'),
	('01a21d0a-3ac8-710a-86ee-7d9aac71d06d', 'notifications.send', 'done'),
	('01a21d0a-3cbf-7544-99b0-4c301efe098a', 'notifications.send', 'done'),
	('01a21d0a-3eac-7d13-9ba6-9c85f6dda22d', 'notifications.send', 'done'),
	('01a21d0b-f1b4-7b3f-868f-3fcbb2e4e33d', 'notifications.send', 'done'),
	('01a21d0c-0a2f-7a9e-81b1-00c162257b48', 'notifications.send', 'done'),
	('01a21d0c-f4c8-70f9-ac04-c467a8528ffe', 'notifications.send', 'done'),
	('01a21d0c-f749-7783-a614-6d62af313eaf', 'notifications.send', 'done'),
	('01a21d0c-f94b-75d0-8f96-199c3307f82c', 'notifications.send', 'done'),
	('01a21d0c-fb2b-7150-b5a6-92bc70a0c228', 'notifications.send', 'done'),
	('01a21d0c-fc45-7862-835d-b80e2053c49f', 'notifications.send', 'done'),
	('01a21d0d-0019-735b-bb90-9307e1ededa7', 'notifications.send', 'done'),
	('01a21d0d-0383-7ab6-b91a-d36ba32a43f7', 'notifications.send', 'done');
INSERT INTO runtime.jobs VALUES
	('01a21d0d-0383-7515-b1d1-55bd920e781a', 'notifications.send-mail', '{"tenantId":"00000000-0001-7000-8000-000000000001","key":"01a21d0d-0383-7c01-8a21-7c25eb6641aa","request":{"notificationId":"01a21d0d-0383-7515-b1d1-55bd920e781a","channel":"email","template":"registration-code","language":"en","expiresAt":"2026-11-27T12:58:41.859527+00:00","personal":{"subject":"01a21d0d-0383-7c01-8a21-7c25eb6641aa","data":"AYtqTOT7MeJTYDN80sampE0h89KI3iKt/M1tRYAE\u002BBRkS7P8GfhaOkyfZlTLJKLmTRl\u002Bq8BRgpReINOXrMSbdqwhXemls/vTOHKRu5vr2NH2a4CWq576\u002Bh9ijJMhxHOwxqeUKJdpjEhUPShVuD1C84xdCpJ7lmfqgKtiSEtE2SbfcUZylCS81i2PmT52d8Q3iH092xvjnxhbU/EG5IozkKVAgmeaqE/Rgf/YvuoFcADTVuGfH59VuRFAqoT6rvNOfrC0DuVPXpW8R68nPXTZJNyGHs3qkpLNrAsYxbI40NY0AmqCBJpO85RcAhxS\u002BzqZhh34bos6nt0T1NKhyJlBUl3ID3UosVrj1fCyfE00fw/fhyrx\u002BGX3md12lF9I4wh14G\u002Bh"}}}', 'ready', '2026-11-27 12:48:41.899582+00', 1, '01a21d0b-a788-752d-a4d5-00b54ccbf31a', '2026-11-27 12:49:41.944154+00', NULL, NULL, '2026-11-27 12:48:41.899582+00'),
	('01a21d0d-086f-7313-85d6-ce7290671946', 'identity.send-reset-message', '{"tenant":"00000000-0001-7000-8000-000000000001","reset":"01a21d0d-086f-7e4b-a21f-ddcff4aa97c0","send":1,"network":"127.0.0.0/24","device":""}', 'ready', '2026-11-27 12:48:43.119947+00', 1, '01a21d0b-a788-752d-a4d5-00b54ccbf31a', '2026-11-27 12:49:43.144076+00', NULL, '00-efb6425f9b73bd089ebb89d908b4b8c4-e4a9b03c19674dad-00', '2026-11-27 12:48:43.119947+00');
INSERT INTO runtime.lanes VALUES
	(1, '01a21d0b-a788-752d-a4d5-00b54ccbf31a', '2026-11-27 12:48:55.155338+00', 0, 0, 0),
	(2, '01a21d0b-a788-752d-a4d5-00b54ccbf31a', '2026-11-27 12:48:55.155338+00', 1, 749, 2),
	(3, '01a21d0b-a788-752d-a4d5-00b54ccbf31a', '2026-11-27 12:48:55.155338+00', 1, 775, 13),
	(4, '01a21d0b-a788-752d-a4d5-00b54ccbf31a', '2026-11-27 12:48:55.155338+00', 1, 980, 48),
	(5, '01a21d0b-a788-752d-a4d5-00b54ccbf31a', '2026-11-27 12:48:55.155338+00', 1, 968, 46),
	(6, '01a21d0b-a788-752d-a4d5-00b54ccbf31a', '2026-11-27 12:48:55.155338+00', 1, 785, 15),
	(7, '01a21d0b-a788-752d-a4d5-00b54ccbf31a', '2026-11-27 12:48:55.155338+00', 0, 0, 0),
	(8, '01a21d0b-a788-752d-a4d5-00b54ccbf31a', '2026-11-27 12:48:55.155338+00', 0, 0, 0),
	(11, '01a21d0b-a788-752d-a4d5-00b54ccbf31a', '2026-11-27 12:48:55.155338+00', 0, 0, 0),
	(12, '01a21d0b-a788-752d-a4d5-00b54ccbf31a', '2026-11-27 12:48:55.155338+00', 0, 0, 0),
	(13, '01a21d0b-a788-752d-a4d5-00b54ccbf31a', '2026-11-27 12:48:55.155338+00', 1, 817, 25),
	(14, '01a21d0b-a788-752d-a4d5-00b54ccbf31a', '2026-11-27 12:48:55.155338+00', 0, 0, 0),
	(15, '01a21d0b-a788-752d-a4d5-00b54ccbf31a', '2026-11-27 12:48:55.155338+00', 0, 0, 0),
	(0, '01a21d0b-a788-752d-a4d5-00b54ccbf31a', '2026-11-27 12:48:55.155338+00', 1, 1006, 52),
	(10, '01a21d0b-a788-752d-a4d5-00b54ccbf31a', '2026-11-27 12:48:55.155338+00', 1, 1010, 53),
	(9, '01a21d0b-a788-752d-a4d5-00b54ccbf31a', '2026-11-27 12:48:55.155338+00', 1, 821, 28);
INSERT INTO runtime.log_epochs VALUES
	(1, '2026-11-27 12:45:32.208415+00');
INSERT INTO runtime.nodes VALUES
	('01a21d0b-a788-752d-a4d5-00b54ccbf31a', '2026-11-27 12:48:40.155338+00');
INSERT INTO runtime.schedules VALUES
	('runtime.housekeeping', '2026-11-27 13:45:33.1743+00'),
	('identity.purge-registrations', '2026-11-27 12:50:33.1743+00'),
	('identity.settle-person-keys', '2026-11-27 12:55:33.1743+00'),
	('identity.keep-signing-keys', '2026-11-27 13:45:33.1743+00'),
	('identity.purge-sessions', '2026-11-27 12:55:33.1743+00'),
	('identity.purge-password-resets', '2026-11-27 12:50:33.1743+00'),
	('notifications.purge', '2026-11-27 13:45:33.1743+00'),
	('audit.trim', '2026-11-27 13:45:33.1743+00'),
	('audit.seal', '2026-11-27 12:49:35.967423+00');
SELECT pg_catalog.setval('runtime.audit_order', 44, true);
SELECT pg_catalog.setval('runtime.event_order', 54, true);
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
