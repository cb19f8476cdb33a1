CREATE TABLE "accommodation_reasons" (
	"accommodation_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"reason" text COLLATE "C" NOT NULL,
	"answer" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "accommodations" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"enrolment_id" text COLLATE "C" NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"factor" double precision DEFAULT 1 NOT NULL,
	"extra_ms" integer DEFAULT 0 NOT NULL,
	"unlimited" boolean DEFAULT false NOT NULL,
	"break_allowance_ms" integer DEFAULT 0 NOT NULL,
	"requested_at" timestamp (3) with time zone NOT NULL,
	"decided_by" text COLLATE "C",
	"decided_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "answer_snapshots" (
	"attempt_id" text COLLATE "C" NOT NULL,
	"item_id" text COLLATE "C" NOT NULL,
	"revision" integer NOT NULL,
	"response" jsonb NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "answer_snapshots_pk" PRIMARY KEY("attempt_id","item_id","revision")
);
--> statement-breakpoint
CREATE TABLE "answers" (
	"attempt_id" text COLLATE "C" NOT NULL,
	"item_id" text COLLATE "C" NOT NULL,
	"section_id" text COLLATE "C" NOT NULL,
	"page" integer NOT NULL,
	"revision" integer DEFAULT 0 NOT NULL,
	"content_hash" text COLLATE "C",
	"response" jsonb,
	"flagged" boolean DEFAULT false NOT NULL,
	"late" boolean DEFAULT false NOT NULL,
	"received_at" timestamp (3) with time zone,
	"replies" jsonb NOT NULL,
	CONSTRAINT "answers_pk" PRIMARY KEY("attempt_id","item_id")
);
--> statement-breakpoint
CREATE TABLE "attempt_events" (
	"attempt_id" text COLLATE "C" NOT NULL,
	"seq" integer NOT NULL,
	"type" text COLLATE "C" NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor_id" text COLLATE "C",
	"data" jsonb NOT NULL,
	CONSTRAINT "attempt_events_pk" PRIMARY KEY("attempt_id","seq")
);
--> statement-breakpoint
CREATE TABLE "attempt_pulses" (
	"attempt_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"seq" integer DEFAULT 0 NOT NULL,
	"last_save_at" timestamp (3) with time zone,
	"last_seen_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "attempts" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"enrolment_id" text COLLATE "C" NOT NULL,
	"person_id" text COLLATE "C" NOT NULL,
	"stage_id" text COLLATE "C" NOT NULL,
	"ordinal" integer NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"setup" jsonb NOT NULL,
	"head" jsonb NOT NULL,
	"state" jsonb NOT NULL,
	"session_id" text COLLATE "C",
	"locale" text COLLATE "C" NOT NULL,
	"started_at" timestamp (3) with time zone,
	"sweep_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	"closing_reason" text COLLATE "C",
	"submitted_at" timestamp (3) with time zone,
	"scored_at" timestamp (3) with time zone,
	"released_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_events" (
	"seq" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor_id" text COLLATE "C",
	"action" text COLLATE "C" NOT NULL,
	"subject_type" text COLLATE "C" NOT NULL,
	"subject_id" text COLLATE "C" NOT NULL,
	"data" jsonb NOT NULL,
	"previous_hash" text COLLATE "C" NOT NULL,
	"hash" text COLLATE "C" NOT NULL,
	CONSTRAINT "audit_events_pk" PRIMARY KEY("seq")
);
--> statement-breakpoint
CREATE TABLE "consents" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"enrolment_id" text COLLATE "C" NOT NULL,
	"consent_id" text COLLATE "C" NOT NULL,
	"notice_version_id" text COLLATE "C" NOT NULL,
	"notice_hash" text COLLATE "C" NOT NULL,
	"given" boolean NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "contacts" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"attempt_id" text COLLATE "C" NOT NULL,
	"scenario_version_id" text COLLATE "C" NOT NULL,
	"interviewer_id" text COLLATE "C",
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"disclosed" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "content_drafts" (
	"type" text COLLATE "C" NOT NULL,
	"content_id" text COLLATE "C" NOT NULL,
	"author_id" text COLLATE "C" NOT NULL,
	"base_version_id" text COLLATE "C" NOT NULL,
	"body" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "content_drafts_pk" PRIMARY KEY("type","content_id","author_id")
);
--> statement-breakpoint
CREATE TABLE "content_heads" (
	"type" text COLLATE "C" NOT NULL,
	"content_id" text COLLATE "C" NOT NULL,
	"bank_id" text COLLATE "C" NOT NULL,
	"version_id" text COLLATE "C" NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"last_imported_hash" text COLLATE "C",
	"kind" text COLLATE "C",
	"competency" text COLLATE "C",
	"search_text" text COLLATE "C" NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "content_heads_pk" PRIMARY KEY("type","content_id")
);
--> statement-breakpoint
CREATE TABLE "content_versions" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"type" text COLLATE "C" NOT NULL,
	"content_id" text COLLATE "C" NOT NULL,
	"bank_id" text COLLATE "C" NOT NULL,
	"number" integer NOT NULL,
	"content_hash" text COLLATE "C" NOT NULL,
	"scoring_hash" text COLLATE "C",
	"body" jsonb NOT NULL,
	"origin" text COLLATE "C" NOT NULL,
	"created_by" text COLLATE "C",
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "credentials" (
	"person_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"password_hash" text COLLATE "C" NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "enrolments" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"person_id" text COLLATE "C" NOT NULL,
	"programme_id" text COLLATE "C" NOT NULL,
	"programme_version_id" text COLLATE "C" NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"opens_at" timestamp (3) with time zone NOT NULL,
	"closes_at" timestamp (3) with time zone NOT NULL,
	"created_by" text COLLATE "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "form_items" (
	"attempt_id" text COLLATE "C" NOT NULL,
	"item_id" text COLLATE "C" NOT NULL,
	"item_version_id" text COLLATE "C" NOT NULL,
	"section_id" text COLLATE "C" NOT NULL,
	"position" integer NOT NULL,
	"option_order" jsonb NOT NULL,
	CONSTRAINT "form_items_pk" PRIMARY KEY("attempt_id","item_id")
);
--> statement-breakpoint
CREATE TABLE "forms" (
	"attempt_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"blueprint_version_id" text COLLATE "C" NOT NULL,
	"seed" text COLLATE "C" NOT NULL,
	"proof" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "identity_checks" (
	"enrolment_id" text COLLATE "C" NOT NULL,
	"number" integer NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"supervisor_id" text COLLATE "C",
	"confirmed_at" timestamp (3) with time zone,
	"attempt_id" text COLLATE "C",
	"document_type" text COLLATE "C",
	"last_characters" text COLLATE "C",
	"erase_after" timestamp (3) with time zone,
	CONSTRAINT "identity_checks_pk" PRIMARY KEY("enrolment_id","number")
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"enrolment_id" text COLLATE "C" NOT NULL,
	"token_hash" text COLLATE "C" NOT NULL,
	"created_by" text COLLATE "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	"use_count" integer DEFAULT 0 NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"payload" jsonb NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"run_at" timestamp (3) with time zone NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"max_tries" integer DEFAULT 8 NOT NULL,
	"lease_until" timestamp (3) with time zone,
	"steps" jsonb NOT NULL,
	"dedupe_key" text COLLATE "C",
	"last_error_code" text COLLATE "C",
	"created_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "mails" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"person_id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"invitation_id" text COLLATE "C",
	"sealed_body" text COLLATE "C",
	"status" text COLLATE "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"sent_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "notes" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"subject_type" text COLLATE "C" NOT NULL,
	"subject_id" text COLLATE "C" NOT NULL,
	"author_id" text COLLATE "C" NOT NULL,
	"text" text COLLATE "C",
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "people" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"locale" text COLLATE "C",
	"time_zone" text COLLATE "C",
	"theme" text COLLATE "C",
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "person_identities" (
	"person_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"display_name" text COLLATE "C" NOT NULL,
	"email" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "person_roles" (
	"person_id" text COLLATE "C" NOT NULL,
	"role" text COLLATE "C" NOT NULL,
	"granted_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "person_roles_pk" PRIMARY KEY("person_id","role")
);
--> statement-breakpoint
CREATE TABLE "quarantined_answers" (
	"attempt_id" text COLLATE "C" NOT NULL,
	"seq" integer NOT NULL,
	"mutation_id" text COLLATE "C" NOT NULL,
	"item_id" text COLLATE "C" NOT NULL,
	"response" jsonb NOT NULL,
	"content_hash" text COLLATE "C" NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"code" text COLLATE "C" NOT NULL,
	"decided_by" text COLLATE "C",
	"decided_at" timestamp (3) with time zone,
	"decision" text COLLATE "C",
	"note_id" text COLLATE "C",
	CONSTRAINT "quarantined_answers_pk" PRIMARY KEY("attempt_id","seq")
);
--> statement-breakpoint
CREATE TABLE "rating_events" (
	"sheet_id" text COLLATE "C" NOT NULL,
	"seq" integer NOT NULL,
	"type" text COLLATE "C" NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"data" jsonb NOT NULL,
	CONSTRAINT "rating_events_pk" PRIMARY KEY("sheet_id","seq")
);
--> statement-breakpoint
CREATE TABLE "rating_evidence" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"sheet_id" text COLLATE "C" NOT NULL,
	"criterion_id" text COLLATE "C" NOT NULL,
	"polarity" text COLLATE "C" NOT NULL,
	"field" text COLLATE "C",
	"start_at" integer,
	"end_at" integer,
	"quote" text COLLATE "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rating_marks" (
	"sheet_id" text COLLATE "C" NOT NULL,
	"criterion_id" text COLLATE "C" NOT NULL,
	"level" integer,
	"not_applicable" boolean DEFAULT false NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "rating_marks_pk" PRIMARY KEY("sheet_id","criterion_id")
);
--> statement-breakpoint
CREATE TABLE "rating_sheets" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"task_id" text COLLATE "C" NOT NULL,
	"rater_id" text COLLATE "C" NOT NULL,
	"slot" integer NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"seq" integer DEFAULT 0 NOT NULL,
	"claimed_at" timestamp (3) with time zone NOT NULL,
	"lease_until" timestamp (3) with time zone NOT NULL,
	"submitted_at" timestamp (3) with time zone,
	"percent" double precision,
	"critical_failure" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rating_tasks" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"attempt_id" text COLLATE "C" NOT NULL,
	"subject_type" text COLLATE "C" NOT NULL,
	"subject_id" text COLLATE "C" NOT NULL,
	"rubric_version_id" text COLLATE "C" NOT NULL,
	"sheets_wanted" integer DEFAULT 1 NOT NULL,
	"order_key" text COLLATE "C" NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "releases" (
	"attempt_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"score_number" integer NOT NULL,
	"outcome" text COLLATE "C" NOT NULL,
	"released_by" text COLLATE "C" NOT NULL,
	"evidence_seen_at" timestamp (3) with time zone NOT NULL,
	"note_id" text COLLATE "C",
	"released_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "review_requests" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"attempt_id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"note_id" text COLLATE "C",
	"status" text COLLATE "C" NOT NULL,
	"answer_note_id" text COLLATE "C",
	"answered_by" text COLLATE "C",
	"created_at" timestamp (3) with time zone NOT NULL,
	"answered_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "scores" (
	"attempt_id" text COLLATE "C" NOT NULL,
	"number" integer NOT NULL,
	"percent" double precision,
	"profile" jsonb NOT NULL,
	"items" jsonb NOT NULL,
	"complete" boolean NOT NULL,
	"computed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "scores_pk" PRIMARY KEY("attempt_id","number")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"person_id" text COLLATE "C" NOT NULL,
	"origin" text COLLATE "C" NOT NULL,
	"enrolment_id" text COLLATE "C",
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"key" text COLLATE "C" PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stream_events" (
	"stream_id" text COLLATE "C" NOT NULL,
	"seq" integer NOT NULL,
	"type" text COLLATE "C" NOT NULL,
	"data" jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "stream_events_pk" PRIMARY KEY("stream_id","seq")
);
--> statement-breakpoint
ALTER TABLE "accommodation_reasons" ADD CONSTRAINT "accommodation_reasons_accommodation_id_accommodations_id_fk" FOREIGN KEY ("accommodation_id") REFERENCES "public"."accommodations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "accommodations" ADD CONSTRAINT "accommodations_enrolment_id_enrolments_id_fk" FOREIGN KEY ("enrolment_id") REFERENCES "public"."enrolments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "answer_snapshots" ADD CONSTRAINT "answer_snapshots_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "answers" ADD CONSTRAINT "answers_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempt_events" ADD CONSTRAINT "attempt_events_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempt_pulses" ADD CONSTRAINT "attempt_pulses_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_enrolment_id_enrolments_id_fk" FOREIGN KEY ("enrolment_id") REFERENCES "public"."enrolments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consents" ADD CONSTRAINT "consents_enrolment_id_enrolments_id_fk" FOREIGN KEY ("enrolment_id") REFERENCES "public"."enrolments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consents" ADD CONSTRAINT "consents_notice_version_id_content_versions_id_fk" FOREIGN KEY ("notice_version_id") REFERENCES "public"."content_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_scenario_version_id_content_versions_id_fk" FOREIGN KEY ("scenario_version_id") REFERENCES "public"."content_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "content_drafts" ADD CONSTRAINT "content_drafts_author_id_people_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "content_drafts" ADD CONSTRAINT "content_drafts_base_version_id_content_versions_id_fk" FOREIGN KEY ("base_version_id") REFERENCES "public"."content_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "content_heads" ADD CONSTRAINT "content_heads_version_id_content_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."content_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enrolments" ADD CONSTRAINT "enrolments_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enrolments" ADD CONSTRAINT "enrolments_programme_version_id_content_versions_id_fk" FOREIGN KEY ("programme_version_id") REFERENCES "public"."content_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "form_items" ADD CONSTRAINT "form_items_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "form_items" ADD CONSTRAINT "form_items_item_version_id_content_versions_id_fk" FOREIGN KEY ("item_version_id") REFERENCES "public"."content_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "forms" ADD CONSTRAINT "forms_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "forms" ADD CONSTRAINT "forms_blueprint_version_id_content_versions_id_fk" FOREIGN KEY ("blueprint_version_id") REFERENCES "public"."content_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identity_checks" ADD CONSTRAINT "identity_checks_enrolment_id_enrolments_id_fk" FOREIGN KEY ("enrolment_id") REFERENCES "public"."enrolments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identity_checks" ADD CONSTRAINT "identity_checks_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_enrolment_id_enrolments_id_fk" FOREIGN KEY ("enrolment_id") REFERENCES "public"."enrolments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mails" ADD CONSTRAINT "mails_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "person_identities" ADD CONSTRAINT "person_identities_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "person_roles" ADD CONSTRAINT "person_roles_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quarantined_answers" ADD CONSTRAINT "quarantined_answers_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rating_events" ADD CONSTRAINT "rating_events_sheet_id_rating_sheets_id_fk" FOREIGN KEY ("sheet_id") REFERENCES "public"."rating_sheets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rating_evidence" ADD CONSTRAINT "rating_evidence_sheet_id_rating_sheets_id_fk" FOREIGN KEY ("sheet_id") REFERENCES "public"."rating_sheets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rating_marks" ADD CONSTRAINT "rating_marks_sheet_id_rating_sheets_id_fk" FOREIGN KEY ("sheet_id") REFERENCES "public"."rating_sheets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rating_sheets" ADD CONSTRAINT "rating_sheets_task_id_rating_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."rating_tasks"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rating_sheets" ADD CONSTRAINT "rating_sheets_rater_id_people_id_fk" FOREIGN KEY ("rater_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rating_tasks" ADD CONSTRAINT "rating_tasks_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rating_tasks" ADD CONSTRAINT "rating_tasks_rubric_version_id_content_versions_id_fk" FOREIGN KEY ("rubric_version_id") REFERENCES "public"."content_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "releases" ADD CONSTRAINT "releases_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "releases" ADD CONSTRAINT "releases_released_by_people_id_fk" FOREIGN KEY ("released_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_requests" ADD CONSTRAINT "review_requests_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scores" ADD CONSTRAINT "scores_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "accommodations_enrolment_uq" ON "accommodations" USING btree ("enrolment_id");--> statement-breakpoint
CREATE UNIQUE INDEX "attempts_ordinal_uq" ON "attempts" USING btree ("enrolment_id","stage_id","ordinal");--> statement-breakpoint
CREATE INDEX "attempts_sweep_idx" ON "attempts" USING btree ("sweep_at");--> statement-breakpoint
CREATE INDEX "attempts_person_idx" ON "attempts" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "audit_events_subject_idx" ON "audit_events" USING btree ("subject_type","subject_id");--> statement-breakpoint
CREATE INDEX "consents_enrolment_idx" ON "consents" USING btree ("enrolment_id");--> statement-breakpoint
CREATE UNIQUE INDEX "contacts_attempt_uq" ON "contacts" USING btree ("attempt_id");--> statement-breakpoint
CREATE INDEX "content_heads_bank_idx" ON "content_heads" USING btree ("type","bank_id");--> statement-breakpoint
CREATE UNIQUE INDEX "content_versions_hash_uq" ON "content_versions" USING btree ("type","content_id","content_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "content_versions_number_uq" ON "content_versions" USING btree ("type","content_id","number");--> statement-breakpoint
CREATE INDEX "enrolments_person_idx" ON "enrolments" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "form_items_item_idx" ON "form_items" USING btree ("item_id");--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_token_uq" ON "invitations" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "invitations_enrolment_idx" ON "invitations" USING btree ("enrolment_id");--> statement-breakpoint
CREATE UNIQUE INDEX "jobs_dedupe_uq" ON "jobs" USING btree ("dedupe_key");--> statement-breakpoint
CREATE INDEX "jobs_due_idx" ON "jobs" USING btree ("status","run_at");--> statement-breakpoint
CREATE INDEX "mails_person_idx" ON "mails" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "notes_subject_idx" ON "notes" USING btree ("subject_type","subject_id");--> statement-breakpoint
CREATE UNIQUE INDEX "person_identities_email_uq" ON "person_identities" USING btree ("email");--> statement-breakpoint
CREATE UNIQUE INDEX "quarantined_answers_text_uq" ON "quarantined_answers" USING btree ("attempt_id","item_id","mutation_id","content_hash");--> statement-breakpoint
CREATE INDEX "rating_evidence_sheet_idx" ON "rating_evidence" USING btree ("sheet_id");--> statement-breakpoint
CREATE UNIQUE INDEX "rating_sheets_slot_uq" ON "rating_sheets" USING btree ("task_id","slot");--> statement-breakpoint
CREATE UNIQUE INDEX "rating_sheets_rater_uq" ON "rating_sheets" USING btree ("task_id","rater_id");--> statement-breakpoint
CREATE UNIQUE INDEX "rating_tasks_subject_uq" ON "rating_tasks" USING btree ("attempt_id","subject_type","subject_id");--> statement-breakpoint
CREATE INDEX "rating_tasks_queue_idx" ON "rating_tasks" USING btree ("status","order_key");--> statement-breakpoint
CREATE UNIQUE INDEX "review_requests_uq" ON "review_requests" USING btree ("attempt_id","kind");--> statement-breakpoint
CREATE INDEX "sessions_person_idx" ON "sessions" USING btree ("person_id");