-- A late text is known by the number of the event that put it here: both were written in one transaction, with the same mutation, item
-- and hash. The former key, attempt and mutation, was narrower than the new unique index, so no two rows meet in that.
ALTER TABLE "quarantined_answers" ADD COLUMN "seq" integer, ADD COLUMN "note_id" text COLLATE "C";
UPDATE "quarantined_answers" q SET "seq" = (
	SELECT min(e."seq") FROM "attempt_events" e
	WHERE e."attempt_id" = q."attempt_id" AND e."type" = 'answer_quarantined'
		AND e."data" ->> 'mutationId' = q."mutation_id" AND e."data" ->> 'itemId' = q."item_id" AND e."data" ->> 'contentHash' = q."content_hash"
);
ALTER TABLE "quarantined_answers" ALTER COLUMN "seq" SET NOT NULL;
ALTER TABLE "quarantined_answers" DROP CONSTRAINT "quarantined_answers_pk", ADD CONSTRAINT "quarantined_answers_pk" PRIMARY KEY("attempt_id","seq");
CREATE UNIQUE INDEX "quarantined_answers_text_uq" ON "quarantined_answers" USING btree ("attempt_id","item_id","mutation_id","content_hash");
-- The event says whether there is a text for staff to decide on: there is where a row was kept.
UPDATE "attempt_events" e SET "data" = jsonb_set(e."data", '{hasText}', to_jsonb(
	EXISTS (SELECT 1 FROM "quarantined_answers" q WHERE q."attempt_id" = e."attempt_id" AND q."seq" = e."seq")))
WHERE e."type" = 'answer_quarantined' AND e."data" -> 'hasText' IS NULL;
-- The page's last sign was not noted; the ledger has counted from the event, and goes on to.
UPDATE "attempt_events" SET "data" = jsonb_set("data", '{lastSeenAt}', to_jsonb(round(extract(epoch FROM "at") * 1000)::bigint)) WHERE "type" = 'disconnected' AND "data" -> 'lastSeenAt' IS NULL;
-- Steps of the clock were not noted in attempts, so there is none to remember.
UPDATE "attempts" SET "state" = jsonb_set("state", '{clockNotes}', '[]') WHERE "state" -> 'clockNotes' IS NULL;
UPDATE "settings" SET "value" = jsonb_set("value", '{alarmId}', to_jsonb('ck_' || ("value" ->> 'raisedAt'))) WHERE "key" = 'clock_alarm' AND "value" -> 'alarmId' IS NULL;
