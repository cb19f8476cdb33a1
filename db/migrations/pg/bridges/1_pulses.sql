-- What every save moves stands apart from the wide row of the attempt.
CREATE TABLE "attempt_pulses" (
	"attempt_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"seq" integer DEFAULT 0 NOT NULL,
	"last_save_at" timestamp (3) with time zone,
	"last_seen_at" timestamp (3) with time zone
);
ALTER TABLE "attempt_pulses" ADD CONSTRAINT "attempt_pulses_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;
INSERT INTO "attempt_pulses" ("attempt_id", "seq", "last_save_at", "last_seen_at") SELECT "id", "seq", "last_save_at", "last_seen_at" FROM "attempts";
ALTER TABLE "attempts" DROP COLUMN "seq", DROP COLUMN "last_save_at", DROP COLUMN "last_seen_at";
