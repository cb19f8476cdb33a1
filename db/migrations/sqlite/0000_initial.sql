CREATE TABLE `accommodation_reasons` (
	`accommodation_id` text PRIMARY KEY NOT NULL,
	`reason` text NOT NULL,
	`answer` text,
	FOREIGN KEY (`accommodation_id`) REFERENCES `accommodations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `accommodations` (
	`id` text PRIMARY KEY NOT NULL,
	`enrolment_id` text NOT NULL,
	`status` text NOT NULL,
	`factor` real DEFAULT 1 NOT NULL,
	`extra_ms` integer DEFAULT 0 NOT NULL,
	`unlimited` integer DEFAULT false NOT NULL,
	`break_allowance_ms` integer DEFAULT 0 NOT NULL,
	`requested_at` integer NOT NULL,
	`decided_by` text,
	`decided_at` integer,
	FOREIGN KEY (`enrolment_id`) REFERENCES `enrolments`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `accommodations_enrolment_uq` ON `accommodations` (`enrolment_id`);--> statement-breakpoint
CREATE TABLE `answer_snapshots` (
	`attempt_id` text NOT NULL,
	`item_id` text NOT NULL,
	`revision` integer NOT NULL,
	`response` text NOT NULL,
	`received_at` integer NOT NULL,
	PRIMARY KEY(`attempt_id`, `item_id`, `revision`),
	FOREIGN KEY (`attempt_id`) REFERENCES `attempts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `answers` (
	`attempt_id` text NOT NULL,
	`item_id` text NOT NULL,
	`section_id` text NOT NULL,
	`page` integer NOT NULL,
	`revision` integer DEFAULT 0 NOT NULL,
	`content_hash` text,
	`response` text,
	`flagged` integer DEFAULT false NOT NULL,
	`late` integer DEFAULT false NOT NULL,
	`received_at` integer,
	`replies` text NOT NULL,
	PRIMARY KEY(`attempt_id`, `item_id`),
	FOREIGN KEY (`attempt_id`) REFERENCES `attempts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `attempt_events` (
	`attempt_id` text NOT NULL,
	`seq` integer NOT NULL,
	`type` text NOT NULL,
	`at` integer NOT NULL,
	`actor_id` text,
	`data` text NOT NULL,
	PRIMARY KEY(`attempt_id`, `seq`),
	FOREIGN KEY (`attempt_id`) REFERENCES `attempts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `attempt_pulses` (
	`attempt_id` text PRIMARY KEY NOT NULL,
	`seq` integer DEFAULT 0 NOT NULL,
	`last_save_at` integer,
	`last_seen_at` integer,
	FOREIGN KEY (`attempt_id`) REFERENCES `attempts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `attempts` (
	`id` text PRIMARY KEY NOT NULL,
	`enrolment_id` text NOT NULL,
	`person_id` text NOT NULL,
	`stage_id` text NOT NULL,
	`ordinal` integer NOT NULL,
	`kind` text NOT NULL,
	`status` text NOT NULL,
	`setup` text NOT NULL,
	`head` text NOT NULL,
	`state` text NOT NULL,
	`session_id` text,
	`locale` text NOT NULL,
	`started_at` integer,
	`sweep_at` integer,
	`finished_at` integer,
	`closing_reason` text,
	`submitted_at` integer,
	`scored_at` integer,
	`released_at` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`enrolment_id`) REFERENCES `enrolments`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `attempts_ordinal_uq` ON `attempts` (`enrolment_id`,`stage_id`,`ordinal`);--> statement-breakpoint
CREATE INDEX `attempts_sweep_idx` ON `attempts` (`sweep_at`);--> statement-breakpoint
CREATE INDEX `attempts_person_idx` ON `attempts` (`person_id`);--> statement-breakpoint
CREATE TABLE `audit_events` (
	`seq` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`actor_id` text,
	`action` text NOT NULL,
	`subject_type` text NOT NULL,
	`subject_id` text NOT NULL,
	`data` text NOT NULL,
	`previous_hash` text NOT NULL,
	`hash` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_events_subject_idx` ON `audit_events` (`subject_type`,`subject_id`);--> statement-breakpoint
CREATE TABLE `consents` (
	`id` text PRIMARY KEY NOT NULL,
	`enrolment_id` text NOT NULL,
	`consent_id` text NOT NULL,
	`notice_version_id` text NOT NULL,
	`notice_hash` text NOT NULL,
	`given` integer NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`enrolment_id`) REFERENCES `enrolments`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`notice_version_id`) REFERENCES `content_versions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `consents_enrolment_idx` ON `consents` (`enrolment_id`);--> statement-breakpoint
CREATE TABLE `contacts` (
	`id` text PRIMARY KEY NOT NULL,
	`attempt_id` text NOT NULL,
	`scenario_version_id` text NOT NULL,
	`interviewer_id` text,
	`started_at` integer,
	`ended_at` integer,
	`disclosed` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`attempt_id`) REFERENCES `attempts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`scenario_version_id`) REFERENCES `content_versions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `contacts_attempt_uq` ON `contacts` (`attempt_id`);--> statement-breakpoint
CREATE TABLE `content_drafts` (
	`type` text NOT NULL,
	`content_id` text NOT NULL,
	`author_id` text NOT NULL,
	`base_version_id` text NOT NULL,
	`body` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`type`, `content_id`, `author_id`),
	FOREIGN KEY (`author_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`base_version_id`) REFERENCES `content_versions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `content_heads` (
	`type` text NOT NULL,
	`content_id` text NOT NULL,
	`bank_id` text NOT NULL,
	`version_id` text NOT NULL,
	`status` text NOT NULL,
	`last_imported_hash` text,
	`kind` text,
	`competency` text,
	`search_text` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`type`, `content_id`),
	FOREIGN KEY (`version_id`) REFERENCES `content_versions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `content_heads_bank_idx` ON `content_heads` (`type`,`bank_id`);--> statement-breakpoint
CREATE TABLE `content_versions` (
	`id` text PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`content_id` text NOT NULL,
	`bank_id` text NOT NULL,
	`number` integer NOT NULL,
	`content_hash` text NOT NULL,
	`scoring_hash` text,
	`body` text NOT NULL,
	`origin` text NOT NULL,
	`created_by` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `content_versions_hash_uq` ON `content_versions` (`type`,`content_id`,`content_hash`);--> statement-breakpoint
CREATE UNIQUE INDEX `content_versions_number_uq` ON `content_versions` (`type`,`content_id`,`number`);--> statement-breakpoint
CREATE TABLE `credentials` (
	`person_id` text PRIMARY KEY NOT NULL,
	`password_hash` text NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `enrolments` (
	`id` text PRIMARY KEY NOT NULL,
	`person_id` text NOT NULL,
	`programme_id` text NOT NULL,
	`programme_version_id` text NOT NULL,
	`status` text NOT NULL,
	`opens_at` integer NOT NULL,
	`closes_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`programme_version_id`) REFERENCES `content_versions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `enrolments_person_idx` ON `enrolments` (`person_id`);--> statement-breakpoint
CREATE TABLE `form_items` (
	`attempt_id` text NOT NULL,
	`item_id` text NOT NULL,
	`item_version_id` text NOT NULL,
	`section_id` text NOT NULL,
	`position` integer NOT NULL,
	`option_order` text NOT NULL,
	PRIMARY KEY(`attempt_id`, `item_id`),
	FOREIGN KEY (`attempt_id`) REFERENCES `attempts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`item_version_id`) REFERENCES `content_versions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `form_items_item_idx` ON `form_items` (`item_id`);--> statement-breakpoint
CREATE TABLE `forms` (
	`attempt_id` text PRIMARY KEY NOT NULL,
	`blueprint_version_id` text NOT NULL,
	`seed` text NOT NULL,
	`proof` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`attempt_id`) REFERENCES `attempts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`blueprint_version_id`) REFERENCES `content_versions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `identity_checks` (
	`enrolment_id` text NOT NULL,
	`number` integer NOT NULL,
	`status` text NOT NULL,
	`supervisor_id` text,
	`confirmed_at` integer,
	`attempt_id` text,
	`document_type` text,
	`last_characters` text,
	`erase_after` integer,
	PRIMARY KEY(`enrolment_id`, `number`),
	FOREIGN KEY (`enrolment_id`) REFERENCES `enrolments`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`attempt_id`) REFERENCES `attempts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `invitations` (
	`id` text PRIMARY KEY NOT NULL,
	`enrolment_id` text NOT NULL,
	`token_hash` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`last_used_at` integer,
	`use_count` integer DEFAULT 0 NOT NULL,
	`ended_at` integer,
	FOREIGN KEY (`enrolment_id`) REFERENCES `enrolments`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `invitations_token_uq` ON `invitations` (`token_hash`);--> statement-breakpoint
CREATE INDEX `invitations_enrolment_idx` ON `invitations` (`enrolment_id`);--> statement-breakpoint
CREATE TABLE `jobs` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`payload` text NOT NULL,
	`status` text NOT NULL,
	`run_at` integer NOT NULL,
	`tries` integer DEFAULT 0 NOT NULL,
	`max_tries` integer DEFAULT 8 NOT NULL,
	`lease_until` integer,
	`steps` text NOT NULL,
	`dedupe_key` text,
	`last_error_code` text,
	`created_at` integer NOT NULL,
	`finished_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_dedupe_uq` ON `jobs` (`dedupe_key`);--> statement-breakpoint
CREATE INDEX `jobs_due_idx` ON `jobs` (`status`,`run_at`);--> statement-breakpoint
CREATE TABLE `mails` (
	`id` text PRIMARY KEY NOT NULL,
	`person_id` text NOT NULL,
	`kind` text NOT NULL,
	`invitation_id` text,
	`sealed_body` text,
	`status` text NOT NULL,
	`created_at` integer NOT NULL,
	`sent_at` integer,
	FOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `mails_person_idx` ON `mails` (`person_id`);--> statement-breakpoint
CREATE TABLE `notes` (
	`id` text PRIMARY KEY NOT NULL,
	`subject_type` text NOT NULL,
	`subject_id` text NOT NULL,
	`author_id` text NOT NULL,
	`text` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `notes_subject_idx` ON `notes` (`subject_type`,`subject_id`);--> statement-breakpoint
CREATE TABLE `people` (
	`id` text PRIMARY KEY NOT NULL,
	`status` text NOT NULL,
	`locale` text,
	`time_zone` text,
	`theme` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `person_identities` (
	`person_id` text PRIMARY KEY NOT NULL,
	`display_name` text NOT NULL,
	`email` text NOT NULL,
	FOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `person_identities_email_uq` ON `person_identities` (`email`);--> statement-breakpoint
CREATE TABLE `person_roles` (
	`person_id` text NOT NULL,
	`role` text NOT NULL,
	`granted_at` integer NOT NULL,
	PRIMARY KEY(`person_id`, `role`),
	FOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `quarantined_answers` (
	`attempt_id` text NOT NULL,
	`seq` integer NOT NULL,
	`mutation_id` text NOT NULL,
	`item_id` text NOT NULL,
	`response` text NOT NULL,
	`content_hash` text NOT NULL,
	`received_at` integer NOT NULL,
	`code` text NOT NULL,
	`decided_by` text,
	`decided_at` integer,
	`decision` text,
	`note_id` text,
	PRIMARY KEY(`attempt_id`, `seq`),
	FOREIGN KEY (`attempt_id`) REFERENCES `attempts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `quarantined_answers_text_uq` ON `quarantined_answers` (`attempt_id`,`item_id`,`mutation_id`,`content_hash`);--> statement-breakpoint
CREATE TABLE `rating_events` (
	`sheet_id` text NOT NULL,
	`seq` integer NOT NULL,
	`type` text NOT NULL,
	`at` integer NOT NULL,
	`data` text NOT NULL,
	PRIMARY KEY(`sheet_id`, `seq`),
	FOREIGN KEY (`sheet_id`) REFERENCES `rating_sheets`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `rating_evidence` (
	`id` text PRIMARY KEY NOT NULL,
	`sheet_id` text NOT NULL,
	`criterion_id` text NOT NULL,
	`polarity` text NOT NULL,
	`field` text,
	`start_at` integer,
	`end_at` integer,
	`quote` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`sheet_id`) REFERENCES `rating_sheets`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `rating_evidence_sheet_idx` ON `rating_evidence` (`sheet_id`);--> statement-breakpoint
CREATE TABLE `rating_marks` (
	`sheet_id` text NOT NULL,
	`criterion_id` text NOT NULL,
	`level` integer,
	`not_applicable` integer DEFAULT false NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`sheet_id`, `criterion_id`),
	FOREIGN KEY (`sheet_id`) REFERENCES `rating_sheets`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `rating_sheets` (
	`id` text PRIMARY KEY NOT NULL,
	`task_id` text NOT NULL,
	`rater_id` text NOT NULL,
	`slot` integer NOT NULL,
	`status` text NOT NULL,
	`seq` integer DEFAULT 0 NOT NULL,
	`claimed_at` integer NOT NULL,
	`lease_until` integer NOT NULL,
	`submitted_at` integer,
	`percent` real,
	`critical_failure` integer DEFAULT false NOT NULL,
	FOREIGN KEY (`task_id`) REFERENCES `rating_tasks`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`rater_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `rating_sheets_slot_uq` ON `rating_sheets` (`task_id`,`slot`);--> statement-breakpoint
CREATE UNIQUE INDEX `rating_sheets_rater_uq` ON `rating_sheets` (`task_id`,`rater_id`);--> statement-breakpoint
CREATE TABLE `rating_tasks` (
	`id` text PRIMARY KEY NOT NULL,
	`attempt_id` text NOT NULL,
	`subject_type` text NOT NULL,
	`subject_id` text NOT NULL,
	`rubric_version_id` text NOT NULL,
	`sheets_wanted` integer DEFAULT 1 NOT NULL,
	`order_key` text NOT NULL,
	`status` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`attempt_id`) REFERENCES `attempts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`rubric_version_id`) REFERENCES `content_versions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `rating_tasks_subject_uq` ON `rating_tasks` (`attempt_id`,`subject_type`,`subject_id`);--> statement-breakpoint
CREATE INDEX `rating_tasks_queue_idx` ON `rating_tasks` (`status`,`order_key`);--> statement-breakpoint
CREATE TABLE `releases` (
	`attempt_id` text PRIMARY KEY NOT NULL,
	`score_number` integer NOT NULL,
	`outcome` text NOT NULL,
	`released_by` text NOT NULL,
	`evidence_seen_at` integer NOT NULL,
	`note_id` text,
	`released_at` integer NOT NULL,
	FOREIGN KEY (`attempt_id`) REFERENCES `attempts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`released_by`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `review_requests` (
	`id` text PRIMARY KEY NOT NULL,
	`attempt_id` text NOT NULL,
	`kind` text NOT NULL,
	`note_id` text,
	`status` text NOT NULL,
	`answer_note_id` text,
	`answered_by` text,
	`created_at` integer NOT NULL,
	`answered_at` integer,
	FOREIGN KEY (`attempt_id`) REFERENCES `attempts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `review_requests_uq` ON `review_requests` (`attempt_id`,`kind`);--> statement-breakpoint
CREATE TABLE `scores` (
	`attempt_id` text NOT NULL,
	`number` integer NOT NULL,
	`percent` real,
	`profile` text NOT NULL,
	`items` text NOT NULL,
	`complete` integer NOT NULL,
	`computed_at` integer NOT NULL,
	PRIMARY KEY(`attempt_id`, `number`),
	FOREIGN KEY (`attempt_id`) REFERENCES `attempts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`person_id` text NOT NULL,
	`origin` text NOT NULL,
	`enrolment_id` text,
	`created_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`revoked_at` integer,
	FOREIGN KEY (`person_id`) REFERENCES `people`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `sessions_person_idx` ON `sessions` (`person_id`);--> statement-breakpoint
CREATE TABLE `settings` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `stream_events` (
	`stream_id` text NOT NULL,
	`seq` integer NOT NULL,
	`type` text NOT NULL,
	`data` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`stream_id`, `seq`)
);
