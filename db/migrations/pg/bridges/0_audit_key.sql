-- The key of the trail has a name of ours. SQLite names no key, so there the text of both is one.
ALTER TABLE "audit_events" RENAME CONSTRAINT "audit_events_pkey" TO "audit_events_pk";
