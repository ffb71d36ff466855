-- sudo -u postgres psql -f deploy/postgresql/role.sql
--
-- A role that owns one database and may nothing else. It owns it because migrations run at start:
-- a second role for them would be one more key on the same machine, in the same hands.
CREATE ROLE mustshare LOGIN
    NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT;
CREATE DATABASE mustshare OWNER mustshare
    TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE mustshare FROM PUBLIC;
REVOKE CONNECT ON DATABASE postgres FROM PUBLIC;

\connect mustshare
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO mustshare;
-- Every night it forgets how often its own tables and indexes were looked into: that tells of visits.
GRANT EXECUTE ON FUNCTION pg_catalog.pg_stat_reset_single_table_counters(oid) TO mustshare;
