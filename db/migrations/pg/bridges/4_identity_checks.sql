-- A check admits to one attempt. Until now an enrolment had one check, and no attempt of it could begin before that was confirmed: where
-- there is any attempt, the confirmation has been used, and the first one is what it was used for. Whoever has begun goes on, because only
-- a start asks for a check; for a further attempt they are checked again. A confirmation without an attempt is still open and admits to one.
-- A check that waits admits to nothing yet, so it is bound to nothing.
ALTER TABLE "identity_checks" ADD COLUMN "number" integer DEFAULT 1 NOT NULL, ADD COLUMN "attempt_id" text COLLATE "C";
ALTER TABLE "identity_checks" ALTER COLUMN "number" DROP DEFAULT;
UPDATE "identity_checks" c SET "attempt_id" = (SELECT a."id" FROM "attempts" a WHERE a."enrolment_id" = c."enrolment_id" ORDER BY a."created_at", a."id" LIMIT 1) WHERE c."status" <> 'waiting';
ALTER TABLE "identity_checks" DROP CONSTRAINT "identity_checks_pkey", ADD CONSTRAINT "identity_checks_pk" PRIMARY KEY("enrolment_id","number");
ALTER TABLE "identity_checks" ADD CONSTRAINT "identity_checks_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;
-- While this shape was in use the note of a confirmed clock learned what it gave back; before that it gave nothing.
UPDATE "attempt_events" SET "data" = jsonb_set("data", '{givenBackMs}', '0') WHERE "type" = 'clock_confirmed' AND "data" -> 'givenBackMs' IS NULL;
-- And the alarm learned when the clock is known to have shown last: no earlier than anything that was written by it.
UPDATE "settings" SET "value" = jsonb_set("value", '{seenAt}', to_jsonb(greatest(
	("value" ->> 'raisedAt')::bigint,
	(SELECT round(extract(epoch FROM max("at")) * 1000)::bigint FROM "attempt_events"),
	(SELECT round(extract(epoch FROM max("at")) * 1000)::bigint FROM "audit_events"))))
WHERE "key" = 'clock_alarm' AND "value" -> 'seenAt' IS NULL;
