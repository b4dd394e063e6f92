-- Roles and default privileges; run by the superuser in the database (or template) that Tongdian uses.
-- Safe to run again. Plain SQL, no psql commands: the launcher, the tests and the container all run it.
--
-- Passwords come as session settings (tongdian.app_password and so on, for example through PGOPTIONS),
-- so that none stands in a file. A role whose setting is absent keeps the password it has.
--
-- Why so many: what the application may not do must be impossible for it, not merely unwritten. Tables
-- belong to a role nobody can sign in as; migrations borrow it; the rest get what they are granted.

DO $$
DECLARE
    name text;
    password text;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tongdian_owner') THEN
        CREATE ROLE tongdian_owner NOLOGIN;
    END IF;
    FOREACH name IN ARRAY ARRAY['app', 'migrate', 'sequencer', 'erasure', 'readonly'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tongdian_' || name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE', 'tongdian_' || name);
        END IF;
        password := current_setting('tongdian.' || name || '_password', true);
        IF password <> '' THEN
            EXECUTE format('ALTER ROLE %I PASSWORD %L', 'tongdian_' || name, password);
        END IF;
    END LOOP;
END
$$;

-- Whatever a migration makes belongs to the owner, not to the role that ran it.
GRANT tongdian_owner TO tongdian_migrate;
ALTER ROLE tongdian_migrate SET role = 'tongdian_owner';

-- Reading is all the read-only role does, also by mistake.
ALTER ROLE tongdian_readonly SET default_transaction_read_only = on;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public
    TO tongdian_app, tongdian_migrate, tongdian_sequencer, tongdian_erasure, tongdian_readonly;

-- Guarded tables (events, cases, the ledger) revoke again in their own migration.
ALTER DEFAULT PRIVILEGES FOR ROLE tongdian_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO tongdian_app;
ALTER DEFAULT PRIVILEGES FOR ROLE tongdian_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO tongdian_app;
ALTER DEFAULT PRIVILEGES FOR ROLE tongdian_owner IN SCHEMA public
    GRANT EXECUTE ON FUNCTIONS TO tongdian_app;
ALTER DEFAULT PRIVILEGES FOR ROLE tongdian_owner IN SCHEMA public
    GRANT SELECT ON TABLES TO tongdian_readonly;
