-- Once, as PostgreSQL's superuser: psql -f deploy/postgresql-roles.sql. Passwords: \password balise, \password balise_web.
-- The owner migrates, backs up, restores and erases (DATABASE_URL). CREATEDB is for `manage.py restore` only.
CREATE ROLE balise LOGIN CREATEDB;
-- Serves (DATABASE_WEB_URL). Owns nothing and bypasses nothing; `manage.py prepare` gives it what it needs.
CREATE ROLE balise_web LOGIN NOCREATEDB NOCREATEROLE NOBYPASSRLS NOINHERIT;
CREATE DATABASE balise OWNER balise;
REVOKE CONNECT, TEMPORARY ON DATABASE balise FROM PUBLIC;
GRANT CONNECT ON DATABASE balise TO balise_web;
