"""The house: every table of the main job, its keys, row-level security and insert-only triggers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import app.core.model

revision = "0001"
down_revision = None

ROLE = "koubo_app"  # the application's role: owns nothing; a login user is granted it

INSERT_ONLY = (
    "access_event",
    "audit_event",
    "legal_text",
    "setting",
    "employment_form_version",
    "revision",
    "criterion",
    "decision",
    "document_kind",
    "late_attempt",
    "question",
    "rubric_item",
    "stage",
    "submission",
    "withdrawal",
    "application_version",
    "result_line",
    "rubric_level",
    "score_run",
    "application_document",
    "confirmation",
    "finding",
    "rating",
)

FUNCTIONS = (
    "CREATE FUNCTION koubo_kind() RETURNS text LANGUAGE sql STABLE AS $$ SELECT coalesce(current_setting('koubo.kind', true), '') $$",
    "CREATE FUNCTION koubo_organisation() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('koubo.organisation', true), '')::uuid $$",
    "CREATE FUNCTION koubo_applicant() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('koubo.applicant', true), '')::uuid $$",
    "CREATE FUNCTION koubo_insert_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'insert-only: %', TG_TABLE_NAME; END $$",
)

DROP_FUNCTIONS = (
    "DROP FUNCTION koubo_insert_only()",
    "DROP FUNCTION koubo_applicant()",
    "DROP FUNCTION koubo_organisation()",
    "DROP FUNCTION koubo_kind()",
)

POLICIES = (
    "ALTER TABLE access_event ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE access_event FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON access_event FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_reads ON access_event FOR SELECT USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY anyone_inserts ON access_event FOR INSERT WITH CHECK (koubo_kind() <> '')",
    "ALTER TABLE applicant ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE applicant FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON applicant FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY applicant_writes ON applicant FOR ALL USING (koubo_kind() = 'applicant' AND (true)) WITH CHECK (koubo_kind() = 'applicant' AND (true))",
    "CREATE POLICY public_reads ON applicant FOR SELECT USING (koubo_kind() IN ('public', 'applicant') AND (true))",
    "CREATE POLICY anyone_inserts ON applicant FOR INSERT WITH CHECK (koubo_kind() <> '')",
    "ALTER TABLE audit_event ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE audit_event FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON audit_event FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_reads ON audit_event FOR SELECT USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY anyone_inserts ON audit_event FOR INSERT WITH CHECK (koubo_kind() <> '')",
    "ALTER TABLE mail ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE mail FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON mail FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON mail FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY anyone_inserts ON mail FOR INSERT WITH CHECK (koubo_kind() <> '')",
    "ALTER TABLE audit_detail ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE audit_detail FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON audit_detail FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_reads ON audit_detail FOR SELECT USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY anyone_inserts ON audit_detail FOR INSERT WITH CHECK (koubo_kind() <> '')",
    "ALTER TABLE employment_form ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE employment_form FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON employment_form FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON employment_form FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY public_reads ON employment_form FOR SELECT USING (koubo_kind() IN ('public', 'applicant') AND (true))",
    "ALTER TABLE legal_text ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE legal_text FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON legal_text FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON legal_text FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY public_reads ON legal_text FOR SELECT USING (koubo_kind() IN ('public', 'applicant') AND (true))",
    "ALTER TABLE membership ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE membership FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON membership FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON membership FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "ALTER TABLE setting ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE setting FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON setting FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON setting FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY public_reads ON setting FOR SELECT USING (koubo_kind() IN ('public', 'applicant') AND (true))",
    "ALTER TABLE stored_file ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE stored_file FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON stored_file FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_reads ON stored_file FOR SELECT USING (koubo_kind() = 'staff' AND (EXISTS (SELECT 1 FROM application_document AS d WHERE d.stored_file_id = stored_file.id)))",
    "CREATE POLICY applicant_writes ON stored_file FOR ALL USING (koubo_kind() = 'applicant' AND (applicant_id = koubo_applicant())) WITH CHECK (koubo_kind() = 'applicant' AND (applicant_id = koubo_applicant()))",
    "ALTER TABLE employment_form_version ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE employment_form_version FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON employment_form_version FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON employment_form_version FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY public_reads ON employment_form_version FOR SELECT USING (koubo_kind() IN ('public', 'applicant') AND (true))",
    "ALTER TABLE opening ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE opening FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON opening FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON opening FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY applicant_reads ON opening FOR SELECT USING (koubo_kind() = 'applicant' AND (state IN ('approved', 'withdrawn')))",
    "CREATE POLICY public_reads ON opening FOR SELECT USING (koubo_kind() IN ('public', 'applicant') AND (state IN ('approved', 'withdrawn')))",
    "ALTER TABLE role_grant ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE role_grant FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON role_grant FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON role_grant FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "ALTER TABLE applicant_search ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE applicant_search FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON applicant_search FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON applicant_search FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "ALTER TABLE application ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE application FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON application FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON application FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY applicant_writes ON application FOR ALL USING (koubo_kind() = 'applicant' AND (applicant_id = koubo_applicant())) WITH CHECK (koubo_kind() = 'applicant' AND (applicant_id = koubo_applicant()))",
    "ALTER TABLE draft ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE draft FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON draft FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY applicant_writes ON draft FOR ALL USING (koubo_kind() = 'applicant' AND (applicant_id = koubo_applicant())) WITH CHECK (koubo_kind() = 'applicant' AND (applicant_id = koubo_applicant()))",
    "ALTER TABLE opening_outcome ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE opening_outcome FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON opening_outcome FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON opening_outcome FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY public_reads ON opening_outcome FOR SELECT USING (koubo_kind() IN ('public', 'applicant') AND (EXISTS (SELECT 1 FROM opening AS parent WHERE parent.id = opening_outcome.opening_id)))",
    "ALTER TABLE result_set ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE result_set FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON result_set FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON result_set FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY applicant_reads ON result_set FOR SELECT USING (koubo_kind() = 'applicant' AND (state = 'approved'))",
    "CREATE POLICY public_reads ON result_set FOR SELECT USING (koubo_kind() IN ('public', 'applicant') AND (state = 'approved'))",
    "ALTER TABLE revision ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE revision FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON revision FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON revision FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY applicant_reads ON revision FOR SELECT USING (koubo_kind() = 'applicant' AND (EXISTS (SELECT 1 FROM opening AS parent WHERE parent.id = revision.opening_id)))",
    "CREATE POLICY public_reads ON revision FOR SELECT USING (koubo_kind() IN ('public', 'applicant') AND (EXISTS (SELECT 1 FROM opening AS parent WHERE parent.id = revision.opening_id)))",
    "ALTER TABLE conflict ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE conflict FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON conflict FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON conflict FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "ALTER TABLE criterion ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE criterion FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON criterion FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON criterion FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY applicant_reads ON criterion FOR SELECT USING (koubo_kind() = 'applicant' AND (EXISTS (SELECT 1 FROM revision AS parent WHERE parent.id = criterion.revision_id)))",
    "CREATE POLICY public_reads ON criterion FOR SELECT USING (koubo_kind() IN ('public', 'applicant') AND (EXISTS (SELECT 1 FROM revision AS parent WHERE parent.id = criterion.revision_id)))",
    "ALTER TABLE decision ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE decision FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON decision FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON decision FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "ALTER TABLE document_kind ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE document_kind FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON document_kind FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON document_kind FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY applicant_reads ON document_kind FOR SELECT USING (koubo_kind() = 'applicant' AND (EXISTS (SELECT 1 FROM revision AS parent WHERE parent.id = document_kind.revision_id)))",
    "CREATE POLICY public_reads ON document_kind FOR SELECT USING (koubo_kind() IN ('public', 'applicant') AND (EXISTS (SELECT 1 FROM revision AS parent WHERE parent.id = document_kind.revision_id)))",
    "ALTER TABLE draft_choice ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE draft_choice FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON draft_choice FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY applicant_writes ON draft_choice FOR ALL USING (koubo_kind() = 'applicant' AND (EXISTS (SELECT 1 FROM draft AS parent WHERE parent.id = draft_choice.draft_id))) WITH CHECK (koubo_kind() = 'applicant' AND (EXISTS (SELECT 1 FROM draft AS parent WHERE parent.id = draft_choice.draft_id)))",
    "ALTER TABLE late_attempt ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE late_attempt FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON late_attempt FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON late_attempt FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY applicant_reads ON late_attempt FOR SELECT USING (koubo_kind() = 'applicant' AND (applicant_id = koubo_applicant()))",
    "CREATE POLICY applicant_inserts ON late_attempt FOR INSERT WITH CHECK (koubo_kind() = 'applicant' AND (applicant_id = koubo_applicant()))",
    "ALTER TABLE question ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE question FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON question FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON question FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY applicant_reads ON question FOR SELECT USING (koubo_kind() = 'applicant' AND (EXISTS (SELECT 1 FROM revision AS parent WHERE parent.id = question.revision_id)))",
    "CREATE POLICY public_reads ON question FOR SELECT USING (koubo_kind() IN ('public', 'applicant') AND (EXISTS (SELECT 1 FROM revision AS parent WHERE parent.id = question.revision_id)))",
    "ALTER TABLE round ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE round FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON round FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON round FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "ALTER TABLE rubric_item ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE rubric_item FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON rubric_item FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON rubric_item FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY applicant_reads ON rubric_item FOR SELECT USING (koubo_kind() = 'applicant' AND (EXISTS (SELECT 1 FROM revision AS parent WHERE parent.id = rubric_item.revision_id)))",
    "CREATE POLICY public_reads ON rubric_item FOR SELECT USING (koubo_kind() IN ('public', 'applicant') AND (EXISTS (SELECT 1 FROM revision AS parent WHERE parent.id = rubric_item.revision_id)))",
    "ALTER TABLE stage ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE stage FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON stage FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON stage FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY applicant_reads ON stage FOR SELECT USING (koubo_kind() = 'applicant' AND (EXISTS (SELECT 1 FROM revision AS parent WHERE parent.id = stage.revision_id)))",
    "CREATE POLICY public_reads ON stage FOR SELECT USING (koubo_kind() IN ('public', 'applicant') AND (EXISTS (SELECT 1 FROM revision AS parent WHERE parent.id = stage.revision_id)))",
    "ALTER TABLE stage_entry ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE stage_entry FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON stage_entry FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON stage_entry FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY applicant_reads ON stage_entry FOR SELECT USING (koubo_kind() = 'applicant' AND (EXISTS (SELECT 1 FROM application AS parent WHERE parent.id = stage_entry.application_id)))",
    "ALTER TABLE submission ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE submission FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON submission FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY applicant_reads ON submission FOR SELECT USING (koubo_kind() = 'applicant' AND (applicant_id = koubo_applicant()))",
    "CREATE POLICY applicant_inserts ON submission FOR INSERT WITH CHECK (koubo_kind() = 'applicant' AND (applicant_id = koubo_applicant()))",
    "ALTER TABLE withdrawal ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE withdrawal FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON withdrawal FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON withdrawal FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY applicant_reads ON withdrawal FOR SELECT USING (koubo_kind() = 'applicant' AND (EXISTS (SELECT 1 FROM application AS parent WHERE parent.id = withdrawal.application_id)))",
    "CREATE POLICY applicant_inserts ON withdrawal FOR INSERT WITH CHECK (koubo_kind() = 'applicant' AND (EXISTS (SELECT 1 FROM application AS parent WHERE parent.id = withdrawal.application_id)))",
    "ALTER TABLE application_version ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE application_version FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON application_version FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON application_version FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY applicant_reads ON application_version FOR SELECT USING (koubo_kind() = 'applicant' AND (EXISTS (SELECT 1 FROM application AS parent WHERE parent.id = application_version.application_id)))",
    "CREATE POLICY applicant_inserts ON application_version FOR INSERT WITH CHECK (koubo_kind() = 'applicant' AND (EXISTS (SELECT 1 FROM application AS parent WHERE parent.id = application_version.application_id)))",
    "ALTER TABLE panel_member ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE panel_member FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON panel_member FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON panel_member FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "ALTER TABLE result_line ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE result_line FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON result_line FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON result_line FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY applicant_reads ON result_line FOR SELECT USING (koubo_kind() = 'applicant' AND (EXISTS (SELECT 1 FROM result_set AS parent WHERE parent.id = result_line.result_set_id)))",
    "CREATE POLICY public_reads ON result_line FOR SELECT USING (koubo_kind() IN ('public', 'applicant') AND (EXISTS (SELECT 1 FROM result_set AS parent WHERE parent.id = result_line.result_set_id)))",
    "ALTER TABLE rubric_level ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE rubric_level FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON rubric_level FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON rubric_level FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY applicant_reads ON rubric_level FOR SELECT USING (koubo_kind() = 'applicant' AND (EXISTS (SELECT 1 FROM rubric_item AS parent WHERE parent.id = rubric_level.rubric_item_id)))",
    "CREATE POLICY public_reads ON rubric_level FOR SELECT USING (koubo_kind() IN ('public', 'applicant') AND (EXISTS (SELECT 1 FROM rubric_item AS parent WHERE parent.id = rubric_level.rubric_item_id)))",
    "ALTER TABLE score_run ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE score_run FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON score_run FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON score_run FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "ALTER TABLE application_document ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE application_document FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON application_document FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON application_document FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY applicant_reads ON application_document FOR SELECT USING (koubo_kind() = 'applicant' AND (EXISTS (SELECT 1 FROM application_version AS parent WHERE parent.id = application_document.application_version_id)))",
    "CREATE POLICY applicant_inserts ON application_document FOR INSERT WITH CHECK (koubo_kind() = 'applicant' AND (EXISTS (SELECT 1 FROM application_version AS parent WHERE parent.id = application_document.application_version_id)))",
    "ALTER TABLE assignment ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE assignment FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON assignment FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON assignment FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "ALTER TABLE confirmation ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE confirmation FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON confirmation FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON confirmation FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "ALTER TABLE finding ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE finding FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON finding FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON finding FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
    "CREATE POLICY applicant_reads ON finding FOR SELECT USING (koubo_kind() = 'applicant' AND (EXISTS (SELECT 1 FROM application_version AS parent WHERE parent.id = finding.application_version_id)))",
    "CREATE POLICY applicant_inserts ON finding FOR INSERT WITH CHECK (koubo_kind() = 'applicant' AND (EXISTS (SELECT 1 FROM application_version AS parent WHERE parent.id = finding.application_version_id)))",
    "ALTER TABLE rating ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE rating FORCE ROW LEVEL SECURITY",
    "CREATE POLICY system_writes ON rating FOR ALL USING (koubo_kind() = 'system') WITH CHECK (koubo_kind() = 'system')",
    "CREATE POLICY staff_writes ON rating FOR ALL USING (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation())) WITH CHECK (koubo_kind() = 'staff' AND (organisation_id = koubo_organisation()))",
)


def secure_postgresql():
    """Give the application's role its rights, then rules on rows and the insert-only triggers."""
    op.execute(f"GRANT USAGE ON SCHEMA public TO {ROLE}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {ROLE}")
    op.execute(f"REVOKE ALL ON alembic_version FROM {ROLE}")
    op.execute(f"GRANT SELECT ON alembic_version TO {ROLE}")
    for statement in FUNCTIONS + POLICIES:
        op.execute(statement)
    for table in INSERT_ONLY:
        op.execute(f"REVOKE UPDATE, DELETE ON {table} FROM {ROLE}")
        op.execute(
            f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION koubo_insert_only()"
        )


def unsecure_postgresql():
    """Drop the rules on rows first: one on a table may read another table."""
    for statement in POLICIES:
        if statement.startswith("CREATE POLICY"):
            _create, _policy, name, _on, table, *_rest = statement.split()
            op.execute(f"DROP POLICY {name} ON {table}")


def secure_sqlite():
    """Refuse changes of insert-only rows."""
    for table in INSERT_ONLY:
        for word in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{word} BEFORE {word.upper()} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, 'insert-only: {table}'); END"
            )


def upgrade():
    # ### commands auto generated by Alembic - please adjust! ###
    op.create_table(
        "access_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("at", app.core.model.Instant(length=27), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_event")),
    )
    with op.batch_alter_table("access_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_event_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "applicant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mail", sa.String(length=254), nullable=True),
        sa.Column("mail_key", sa.String(length=254), nullable=True),
        sa.Column("confirmed_at", app.core.model.Instant(length=27), nullable=True),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("resume_code_hash", sa.String(length=64), nullable=True),
        sa.Column("created_at", app.core.model.Instant(length=27), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applicant")),
        sa.UniqueConstraint("resume_code_hash", name=op.f("uq_applicant_resume_code_hash")),
    )
    with op.batch_alter_table("applicant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_applicant_mail_key"), ["mail_key"], unique=False)
        batch_op.create_index(
            "uq_applicant_confirmed_mail",
            ["mail_key"],
            unique=True,
            sqlite_where=sa.text("confirmed_at IS NOT NULL"),
            postgresql_where=sa.text("confirmed_at IS NOT NULL"),
        )

    op.create_table(
        "audit_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("chain", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("at", app.core.model.Instant(length=27), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("detail_digest", sa.String(length=64), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("chain", "seq", name=op.f("uq_audit_event_chain_seq")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_event_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("chain", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("dedupe_key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("sender_name", sa.String(length=80), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sending",
                "sent",
                "failed",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", app.core.model.Instant(length=27), nullable=False),
        sa.Column("due_at", app.core.model.Instant(length=27), nullable=False),
        sa.Column("leased_until", app.core.model.Instant(length=27), nullable=True),
        sa.Column("sent_at", app.core.model.Instant(length=27), nullable=True),
        sa.Column("last_error", sa.String(length=300), nullable=False),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_mail_dedupe_key")),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index("ix_mail_due", ["state", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_mail_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mail_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "city", "ward", "prefecture", "other", name="kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("prefecture", sa.String(length=20), nullable=False),
        sa.Column("short_name", sa.String(length=6), nullable=False),
        sa.Column("mark", sa.String(length=2), nullable=False),
        sa.Column("hue", sa.String(length=20), nullable=False),
        sa.Column("contact_department", sa.String(length=120), nullable=False),
        sa.Column("contact_phone", sa.String(length=40), nullable=False),
        sa.Column("contact_hours", sa.String(length=120), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("closed_at", app.core.model.Instant(length=27), nullable=True),
        sa.CheckConstraint("code IS NULL OR length(code) = 6", name=op.f("ck_organisation_code_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("code", name=op.f("uq_organisation_code")),
        sa.UniqueConstraint("short_name", name=op.f("uq_organisation_short_name")),
        sa.UniqueConstraint("slug", name=op.f("uq_organisation_slug")),
    )
    op.create_table(
        "rate_count",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("window", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_count")),
        sa.UniqueConstraint("key", "window", name=op.f("uq_rate_count_key_window")),
    )
    op.create_table(
        "sign_in_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mail_key", sa.String(length=254), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", app.core.model.Instant(length=27), nullable=False),
        sa.Column("expires_at", app.core.model.Instant(length=27), nullable=False),
        sa.Column("used_at", app.core.model.Instant(length=27), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_code")),
    )
    with op.batch_alter_table("sign_in_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_code_browser_hash"), ["browser_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_code_mail_key"), ["mail_key"], unique=False)

    op.create_table(
        "staff_user",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mail_key", sa.String(length=254), nullable=False),
        sa.Column("mail", sa.String(length=254), nullable=False),
        sa.Column("display_name", sa.String(length=80), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("totp_secret", sa.String(length=400), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "invited", "active", "disabled", name="state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("created_at", app.core.model.Instant(length=27), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_user")),
        sa.UniqueConstraint("mail_key", name=op.f("uq_staff_user_mail_key")),
    )
    op.create_table(
        "applicant_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", app.core.model.Instant(length=27), nullable=False),
        sa.Column("seen_at", app.core.model.Instant(length=27), nullable=False),
        sa.Column("ended_at", app.core.model.Instant(length=27), nullable=True),
        sa.ForeignKeyConstraint(["applicant_id"], ["applicant.id"], name=op.f("fk_applicant_session_applicant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applicant_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_applicant_session_token_hash")),
    )
    with op.batch_alter_table("applicant_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_applicant_session_applicant_id"), ["applicant_id"], unique=False)

    op.create_table(
        "audit_detail",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column(
            "body",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_audit_detail_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_audit_detail")),
    )
    op.create_table(
        "campaign",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("host_organisation_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("published_at", app.core.model.Instant(length=27), nullable=True),
        sa.Column("ranked", sa.Boolean(), nullable=False),
        sa.Column("max_choices", sa.Integer(), nullable=False),
        sa.Column("max_per_organisation", sa.Integer(), nullable=False),
        sa.Column("rank_visible", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_organisation_id"], ["organisation.id"], name=op.f("fk_campaign_host_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("slug", name=op.f("uq_campaign_slug")),
    )
    op.create_table(
        "employment_form",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("is_side_job", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_employment_form_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employment_form")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_employment_form_organisation_id_id")),
        sa.UniqueConstraint("organisation_id", "key", name=op.f("uq_employment_form_organisation_id_key")),
    )
    with op.batch_alter_table("employment_form", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_employment_form_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "legal_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "purpose",
                "disqualification",
                "privacy",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_legal_text_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_text")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_legal_text_organisation_id_id")),
        sa.UniqueConstraint(
            "organisation_id", "kind", "number", name=op.f("uq_legal_text_organisation_id_kind_number")
        ),
    )
    with op.batch_alter_table("legal_text", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_legal_text_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("staff_user_id", sa.Uuid(), nullable=False),
        sa.Column("ended_at", app.core.model.Instant(length=27), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_membership_organisation_id")),
        sa.ForeignKeyConstraint(["staff_user_id"], ["staff_user.id"], name=op.f("fk_membership_staff_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_membership_organisation_id_id")),
        sa.UniqueConstraint(
            "organisation_id", "staff_user_id", name=op.f("uq_membership_organisation_id_staff_user_id")
        ),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_membership_staff_user_id"), ["staff_user_id"], unique=False)

    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_user_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", app.core.model.Instant(length=27), nullable=True),
        sa.ForeignKeyConstraint(["staff_user_id"], ["staff_user.id"], name=op.f("fk_recovery_code_staff_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_code_staff_user_id"), ["staff_user_id"], unique=False)

    op.create_table(
        "setting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column(
            "value",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("valid_from", app.core.model.Instant(length=27), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_setting_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_setting_organisation_id_id")),
        sa.UniqueConstraint(
            "organisation_id", "key", "valid_from", name=op.f("uq_setting_organisation_id_key_valid_from")
        ),
    )
    with op.batch_alter_table("setting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_setting_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "staff_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("second_factor_at", app.core.model.Instant(length=27), nullable=True),
        sa.Column("created_at", app.core.model.Instant(length=27), nullable=False),
        sa.Column("seen_at", app.core.model.Instant(length=27), nullable=False),
        sa.Column("ended_at", app.core.model.Instant(length=27), nullable=True),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["staff_user_id"], ["staff_user.id"], name=op.f("fk_staff_session_staff_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_session_token_hash")),
    )
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_session_staff_user_id"), ["staff_user_id"], unique=False)

    op.create_table(
        "staff_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_user_id", sa.Uuid(), nullable=True),
        sa.Column(
            "purpose",
            sa.Enum(
                "invitation", "password_reset", name="purpose", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", app.core.model.Instant(length=27), nullable=False),
        sa.Column("used_at", app.core.model.Instant(length=27), nullable=True),
        sa.ForeignKeyConstraint(["staff_user_id"], ["staff_user.id"], name=op.f("fk_staff_token_staff_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_token_token_hash")),
    )
    with op.batch_alter_table("staff_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_token_staff_user_id"), ["staff_user_id"], unique=False)

    op.create_table(
        "stored_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media", sa.String(length=100), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("extracted_text", sa.Text(), nullable=True),
        sa.Column(
            "scan_state",
            sa.Enum(
                "unscanned",
                "clean",
                "infected",
                name="scan_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("stored_at", app.core.model.Instant(length=27), nullable=False),
        sa.ForeignKeyConstraint(["applicant_id"], ["applicant.id"], name=op.f("fk_stored_file_applicant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("key", name=op.f("uq_stored_file_key")),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_file_applicant_id"), ["applicant_id"], unique=False)

    op.create_table(
        "campaign_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_member_campaign_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_campaign_member_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_member")),
        sa.UniqueConstraint(
            "campaign_id", "organisation_id", name=op.f("uq_campaign_member_campaign_id_organisation_id")
        ),
    )
    op.create_table(
        "employment_form_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("term_cap_months", sa.Integer(), nullable=True),
        sa.Column(
            "required_texts",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("is_employee", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "form_id"],
            ["employment_form.organisation_id", "employment_form.id"],
            name=op.f("fk_employment_form_version_organisation_id_form_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_employment_form_version_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employment_form_version")),
        sa.UniqueConstraint("form_id", "number", name=op.f("uq_employment_form_version_form_id_number")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_employment_form_version_organisation_id_id")),
    )
    with op.batch_alter_table("employment_form_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_employment_form_version_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "opening",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=True),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "in_review",
                "approved",
                "withdrawn",
                "archived",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_at", app.core.model.Instant(length=27), nullable=True),
        sa.Column("opens_at", app.core.model.Instant(length=27), nullable=True),
        sa.Column("closes_at", app.core.model.Instant(length=27), nullable=True),
        sa.Column("grace_seconds", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=True),
        sa.Column(
            "content",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("content_sha256", sa.String(length=64), nullable=True),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", app.core.model.Instant(length=27), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("returned_reason", sa.Text(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("copied_from", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("form_key", sa.String(length=40), nullable=True),
        sa.Column("is_side_job", sa.Boolean(), nullable=False),
        sa.Column("occupation", sa.String(length=40), nullable=True),
        sa.Column("days_min", sa.Integer(), nullable=True),
        sa.Column("days_max", sa.Integer(), nullable=True),
        sa.Column(
            "remote",
            sa.Enum(
                "full",
                "partial",
                "office",
                "unstated",
                name="remote",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state <> 'approved' OR revision_id IS NOT NULL", name=op.f("ck_opening_approved_has_a_revision")
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> submitted_by", name=op.f("ck_opening_approver_differs")
        ),
        sa.CheckConstraint(
            "opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at",
            name=op.f("ck_opening_opens_before_it_closes"),
        ),
        sa.ForeignKeyConstraint(["approved_by"], ["staff_user.id"], name=op.f("fk_opening_approved_by")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_opening_campaign_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_opening_organisation_id")),
        sa.ForeignKeyConstraint(["submitted_by"], ["staff_user.id"], name=op.f("fk_opening_submitted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening")),
        sa.UniqueConstraint(
            "organisation_id", "fiscal_year", "number", name=op.f("uq_opening_organisation_id_fiscal_year_number")
        ),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_opening_organisation_id_id")),
    )
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opening_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_opening_form_key"), ["form_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_opening_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index("ix_opening_public", ["state", "published_at", "closes_at"], unique=False)

    op.create_table(
        "role_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "admin",
                "author",
                "hr",
                "approver",
                "auditor",
                "reviewer",
                "chair",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("opening_id", sa.Uuid(), nullable=True),
        sa.Column("since", app.core.model.Instant(length=27), nullable=False),
        sa.Column("until", app.core.model.Instant(length=27), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "membership_id"],
            ["membership.organisation_id", "membership.id"],
            name=op.f("fk_role_grant_organisation_id_membership_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_role_grant_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_role_grant_organisation_id_id")),
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_grant_opening_id"), ["opening_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_role_grant_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "uq_role_grant_live",
            ["membership_id", "role", "opening_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.create_index(
            "uq_role_grant_live_everywhere",
            ["membership_id", "role"],
            unique=True,
            sqlite_where=sa.text("until IS NULL AND opening_id IS NULL"),
            postgresql_where=sa.text("until IS NULL AND opening_id IS NULL"),
        )

    op.create_table(
        "applicant_search",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("staff_user_id", sa.Uuid(), nullable=False),
        sa.Column("typed", sa.String(length=200), nullable=False),
        sa.Column("at", app.core.model.Instant(length=27), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "opening_id"],
            ["opening.organisation_id", "opening.id"],
            name=op.f("fk_applicant_search_organisation_id_opening_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_applicant_search_organisation_id")
        ),
        sa.ForeignKeyConstraint(["staff_user_id"], ["staff_user.id"], name=op.f("fk_applicant_search_staff_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applicant_search")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_applicant_search_organisation_id_id")),
    )
    with op.batch_alter_table("applicant_search", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_applicant_search_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_applicant_search_staff_user_id"), ["staff_user_id"], unique=False)

    op.create_table(
        "application",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("receipt_number", sa.String(length=40), nullable=False),
        sa.Column("examinee_number", sa.String(length=20), nullable=True),
        sa.Column("received_at", app.core.model.Instant(length=27), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "submitted", "accepted", "withdrawn", name="state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mail", sa.String(length=254), nullable=False),
        sa.Column("mail_key", sa.String(length=254), nullable=False),
        sa.Column("mail_confirmed_at", app.core.model.Instant(length=27), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("postal_code", sa.String(length=8), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("family_name", sa.String(length=100), nullable=False),
        sa.Column("given_name", sa.String(length=100), nullable=False),
        sa.Column("kana_key", sa.String(length=200), nullable=False),
        sa.Column("duplicate_of", sa.Uuid(), nullable=True),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.Column("accepted_at", app.core.model.Instant(length=27), nullable=True),
        sa.ForeignKeyConstraint(["accepted_by"], ["staff_user.id"], name=op.f("fk_application_accepted_by")),
        sa.ForeignKeyConstraint(["applicant_id"], ["applicant.id"], name=op.f("fk_application_applicant_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "opening_id"],
            ["opening.organisation_id", "opening.id"],
            name=op.f("fk_application_organisation_id_opening_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_application_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("opening_id", "applicant_id", name=op.f("uq_application_opening_id_applicant_id")),
        sa.UniqueConstraint("opening_id", "examinee_number", name=op.f("uq_application_opening_id_examinee_number")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_application_organisation_id_id")),
        sa.UniqueConstraint("receipt_number", name=op.f("uq_application_receipt_number")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_applicant_id"), ["applicant_id"], unique=False)
        batch_op.create_index("ix_application_list", ["organisation_id", "opening_id", "kana_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_mail_key"), ["mail_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=True),
        sa.Column("opening_id", sa.Uuid(), nullable=True),
        sa.Column(
            "answers",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", app.core.model.Instant(length=27), nullable=False),
        sa.Column("saved_at", app.core.model.Instant(length=27), nullable=False),
        sa.Column("submitted_at", app.core.model.Instant(length=27), nullable=True),
        sa.CheckConstraint("(campaign_id IS NULL) <> (opening_id IS NULL)", name=op.f("ck_draft_campaign_or_opening")),
        sa.ForeignKeyConstraint(["applicant_id"], ["applicant.id"], name=op.f("fk_draft_applicant_id")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_draft_campaign_id")),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_draft_opening_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("applicant_id", "opening_id", name=op.f("uq_draft_applicant_id_opening_id")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_applicant_id"), ["applicant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_draft_opening_id"), ["opening_id"], unique=False)

    op.create_table(
        "opening_outcome",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("stage_key", sa.String(length=40), nullable=False),
        sa.Column("applied", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "opening_id"],
            ["opening.organisation_id", "opening.id"],
            name=op.f("fk_opening_outcome_organisation_id_opening_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_opening_outcome_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_outcome")),
        sa.UniqueConstraint("opening_id", "stage_key", name=op.f("uq_opening_outcome_opening_id_stage_key")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_opening_outcome_organisation_id_id")),
    )
    with op.batch_alter_table("opening_outcome", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opening_outcome_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "result_set",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("stage_key", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum("prepared", "approved", "void", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("release_at", app.core.model.Instant(length=27), nullable=False),
        sa.Column("prepared_by", sa.Uuid(), nullable=False),
        sa.Column("prepared_at", app.core.model.Instant(length=27), nullable=False),
        sa.Column("approver_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", app.core.model.Instant(length=27), nullable=True),
        sa.Column("applied_count", sa.Integer(), nullable=False),
        sa.Column("examined_count", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("carried_out_at", app.core.model.Instant(length=27), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'approved') = (approver_id IS NOT NULL AND state <> 'void')",
            name=op.f("ck_result_set_approved_by_someone"),
        ),
        sa.CheckConstraint(
            "approver_id IS NULL OR approver_id <> prepared_by", name=op.f("ck_result_set_approver_differs")
        ),
        sa.ForeignKeyConstraint(["approver_id"], ["staff_user.id"], name=op.f("fk_result_set_approver_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "opening_id"],
            ["opening.organisation_id", "opening.id"],
            name=op.f("fk_result_set_organisation_id_opening_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_result_set_organisation_id")),
        sa.ForeignKeyConstraint(["prepared_by"], ["staff_user.id"], name=op.f("fk_result_set_prepared_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_set")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_result_set_organisation_id_id")),
    )
    with op.batch_alter_table("result_set", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_result_set_opening_id"), ["opening_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_result_set_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "uq_result_set_live",
            ["opening_id", "stage_key"],
            unique=True,
            sqlite_where=sa.text("state <> 'void'"),
            postgresql_where=sa.text("state <> 'void'"),
        )

    op.create_table(
        "revision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("first", "amendment", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("approver_id", sa.Uuid(), nullable=False),
        sa.Column("approved_at", app.core.model.Instant(length=27), nullable=False),
        sa.Column(
            "content",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint("author_id <> approver_id", name=op.f("ck_revision_author_id_differs")),
        sa.ForeignKeyConstraint(["approver_id"], ["staff_user.id"], name=op.f("fk_revision_approver_id")),
        sa.ForeignKeyConstraint(["author_id"], ["staff_user.id"], name=op.f("fk_revision_author_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "opening_id"],
            ["opening.organisation_id", "opening.id"],
            name=op.f("fk_revision_organisation_id_opening_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_revision_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("opening_id", "number", name=op.f("uq_revision_opening_id_number")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_revision_organisation_id_id")),
    )
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revision_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "conflict",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("declared_at", app.core.model.Instant(length=27), nullable=False),
        sa.Column("ended_at", app.core.model.Instant(length=27), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "application_id"],
            ["application.organisation_id", "application.id"],
            name=op.f("fk_conflict_organisation_id_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "membership_id"],
            ["membership.organisation_id", "membership.id"],
            name=op.f("fk_conflict_organisation_id_membership_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_conflict_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
        sa.UniqueConstraint("membership_id", "application_id", name=op.f("uq_conflict_membership_id_application_id")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_conflict_organisation_id_id")),
    )
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conflict_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "criterion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column(
            "params",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "revision_id"],
            ["revision.organisation_id", "revision.id"],
            name=op.f("fk_criterion_organisation_id_revision_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_criterion_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_criterion_organisation_id_id")),
        sa.UniqueConstraint("revision_id", "key", name=op.f("uq_criterion_revision_id_key")),
    )
    with op.batch_alter_table("criterion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_criterion_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("stage_key", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("pass", "fail", "reserve", name="outcome", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", app.core.model.Instant(length=27), nullable=False),
        sa.CheckConstraint(
            "place IS NULL OR (place > 0 AND outcome = 'reserve')", name=op.f("ck_decision_place_of_a_reserve")
        ),
        sa.ForeignKeyConstraint(["by"], ["staff_user.id"], name=op.f("fk_decision_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "application_id"],
            ["application.organisation_id", "application.id"],
            name=op.f("fk_decision_organisation_id_application_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_decision_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint(
            "application_id", "stage_key", "number", name=op.f("uq_decision_application_id_stage_key_number")
        ),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_decision_organisation_id_id")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "document_kind",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("hint", sa.String(length=400), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column(
            "media",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "revision_id"],
            ["revision.organisation_id", "revision.id"],
            name=op.f("fk_document_kind_organisation_id_revision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_document_kind_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_kind")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_document_kind_organisation_id_id")),
        sa.UniqueConstraint("revision_id", "key", name=op.f("uq_document_kind_revision_id_key")),
    )
    with op.batch_alter_table("document_kind", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_kind_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "draft_choice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_choice_draft_id")),
        sa.ForeignKeyConstraint(["opening_id"], ["opening.id"], name=op.f("fk_draft_choice_opening_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_choice")),
        sa.UniqueConstraint("draft_id", "opening_id", name=op.f("uq_draft_choice_draft_id_opening_id")),
    )
    with op.batch_alter_table("draft_choice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_choice_draft_id"), ["draft_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_draft_choice_opening_id"), ["opening_id"], unique=False)

    op.create_table(
        "late_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", app.core.model.Instant(length=27), nullable=False),
        sa.Column(
            "answers",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["applicant_id"], ["applicant.id"], name=op.f("fk_late_attempt_applicant_id")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_late_attempt_draft_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "opening_id"],
            ["opening.organisation_id", "opening.id"],
            name=op.f("fk_late_attempt_organisation_id_opening_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_late_attempt_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_attempt")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_late_attempt_organisation_id_id")),
    )
    with op.batch_alter_table("late_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_late_attempt_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("hint", sa.String(length=400), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("max_characters", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "revision_id"],
            ["revision.organisation_id", "revision.id"],
            name=op.f("fk_question_organisation_id_revision_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_question_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_question_organisation_id_id")),
        sa.UniqueConstraint("revision_id", "key", name=op.f("uq_question_revision_id_key")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("opening_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("stage_key", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum("prepared", "open", "locked", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("due_at", app.core.model.Instant(length=27), nullable=True),
        sa.Column("opened_at", app.core.model.Instant(length=27), nullable=True),
        sa.Column("locked_at", app.core.model.Instant(length=27), nullable=True),
        sa.Column("early_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "opening_id"],
            ["opening.organisation_id", "opening.id"],
            name=op.f("fk_round_organisation_id_opening_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "revision_id"],
            ["revision.organisation_id", "revision.id"],
            name=op.f("fk_round_organisation_id_revision_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_round_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("opening_id", "stage_key", name=op.f("uq_round_opening_id_stage_key")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_round_organisation_id_id")),
    )
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "rubric_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("stage_key", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.CheckConstraint("weight > 0", name=op.f("ck_rubric_item_weight_positive")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "revision_id"],
            ["revision.organisation_id", "revision.id"],
            name=op.f("fk_rubric_item_organisation_id_revision_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_rubric_item_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rubric_item")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_rubric_item_organisation_id_id")),
        sa.UniqueConstraint("revision_id", "key", name=op.f("uq_rubric_item_revision_id_key")),
    )
    with op.batch_alter_table("rubric_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rubric_item_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "stage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "documents",
                "task",
                "test",
                "interview",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("method", sa.String(length=200), nullable=False),
        sa.Column("result_on", sa.Date(), nullable=True),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column(
            "carry",
            sa.Enum("carry", "reset", name="carry", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("min_reviewers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "revision_id"],
            ["revision.organisation_id", "revision.id"],
            name=op.f("fk_stage_organisation_id_revision_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_stage_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_stage_organisation_id_id")),
        sa.UniqueConstraint("revision_id", "key", name=op.f("uq_stage_revision_id_key")),
        sa.UniqueConstraint("revision_id", "seq", name=op.f("uq_stage_revision_id_seq")),
    )
    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stage_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "stage_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("stage_key", sa.String(length=40), nullable=False),
        sa.Column("entered_at", app.core.model.Instant(length=27), nullable=False),
        sa.Column("left_at", app.core.model.Instant(length=27), nullable=True),
        sa.Column(
            "attendance",
            sa.Enum("present", "absent", name="attendance", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "application_id"],
            ["application.organisation_id", "application.id"],
            name=op.f("fk_stage_entry_organisation_id_application_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_stage_entry_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_entry")),
        sa.UniqueConstraint("application_id", "stage_key", name=op.f("uq_stage_entry_application_id_stage_key")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_stage_entry_organisation_id_id")),
    )
    with op.batch_alter_table("stage_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stage_entry_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("received_at", app.core.model.Instant(length=27), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["applicant_id"], ["applicant.id"], name=op.f("fk_submission_applicant_id")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_submission_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_submission_idempotency_key")),
    )
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submission_applicant_id"), ["applicant_id"], unique=False)

    op.create_table(
        "withdrawal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", app.core.model.Instant(length=27), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "application_id"],
            ["application.organisation_id", "application.id"],
            name=op.f("fk_withdrawal_organisation_id_application_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_withdrawal_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_withdrawal_organisation_id_id")),
    )
    with op.batch_alter_table("withdrawal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_withdrawal_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "application_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", app.core.model.Instant(length=27), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column(
            "answers",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "application_id"],
            ["application.organisation_id", "application.id"],
            name=op.f("fk_application_version_organisation_id_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "revision_id"],
            ["revision.organisation_id", "revision.id"],
            name=op.f("fk_application_version_organisation_id_revision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_application_version_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_application_version_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_version")),
        sa.UniqueConstraint("application_id", "number", name=op.f("uq_application_version_application_id_number")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_application_version_organisation_id_id")),
    )
    with op.batch_alter_table("application_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_version_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "panel_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "membership_id"],
            ["membership.organisation_id", "membership.id"],
            name=op.f("fk_panel_member_organisation_id_membership_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "round_id"],
            ["round.organisation_id", "round.id"],
            name=op.f("fk_panel_member_organisation_id_round_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_panel_member_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_member")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_panel_member_organisation_id_id")),
        sa.UniqueConstraint("round_id", "membership_id", name=op.f("uq_panel_member_round_id_membership_id")),
    )
    with op.batch_alter_table("panel_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_panel_member_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "result_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("result_set_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("examinee_number", sa.String(length=20), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("pass", "fail", "reserve", name="outcome", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "place IS NULL OR (place > 0 AND outcome = 'reserve')", name=op.f("ck_result_line_place_of_a_reserve")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "application_id"],
            ["application.organisation_id", "application.id"],
            name=op.f("fk_result_line_organisation_id_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "decision_id"],
            ["decision.organisation_id", "decision.id"],
            name=op.f("fk_result_line_organisation_id_decision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "result_set_id"],
            ["result_set.organisation_id", "result_set.id"],
            name=op.f("fk_result_line_organisation_id_result_set_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_result_line_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_line")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_result_line_organisation_id_id")),
        sa.UniqueConstraint(
            "result_set_id", "application_id", name=op.f("uq_result_line_result_set_id_application_id")
        ),
        sa.UniqueConstraint(
            "result_set_id", "examinee_number", name=op.f("uq_result_line_result_set_id_examinee_number")
        ),
    )
    with op.batch_alter_table("result_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_result_line_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "rubric_level",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("rubric_item_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.String(length=300), nullable=False),
        sa.Column("evidence_required", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "rubric_item_id"],
            ["rubric_item.organisation_id", "rubric_item.id"],
            name=op.f("fk_rubric_level_organisation_id_rubric_item_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_rubric_level_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rubric_level")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_rubric_level_organisation_id_id")),
        sa.UniqueConstraint("rubric_item_id", "value", name=op.f("uq_rubric_level_rubric_item_id_value")),
    )
    with op.batch_alter_table("rubric_level", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rubric_level_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "score_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("formula_version", sa.String(length=20), nullable=False),
        sa.Column("input_sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "lines",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("at", app.core.model.Instant(length=27), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["staff_user.id"], name=op.f("fk_score_run_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "round_id"],
            ["round.organisation_id", "round.id"],
            name=op.f("fk_score_run_organisation_id_round_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_score_run_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_run")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_score_run_organisation_id_id")),
    )
    with op.batch_alter_table("score_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_score_run_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_score_run_round_id"), ["round_id"], unique=False)

    op.create_table(
        "application_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("application_version_id", sa.Uuid(), nullable=False),
        sa.Column("kind_key", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("stored_file_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "application_version_id"],
            ["application_version.organisation_id", "application_version.id"],
            name=op.f("fk_application_document_organisation_id_application_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_application_document_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["stored_file_id"], ["stored_file.id"], name=op.f("fk_application_document_stored_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_document")),
        sa.UniqueConstraint(
            "application_version_id",
            "kind_key",
            "seq",
            name=op.f("uq_application_document_application_version_id_kind_key_seq"),
        ),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_application_document_organisation_id_id")),
    )
    with op.batch_alter_table("application_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_document_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("panel_member_id", sa.Uuid(), nullable=False),
        sa.Column("order_no", sa.Integer(), nullable=False),
        sa.Column("submitted_at", app.core.model.Instant(length=27), nullable=True),
        sa.Column("excluded_reason", sa.String(length=200), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("internal_note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "application_id"],
            ["application.organisation_id", "application.id"],
            name=op.f("fk_assignment_organisation_id_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "panel_member_id"],
            ["panel_member.organisation_id", "panel_member.id"],
            name=op.f("fk_assignment_organisation_id_panel_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "round_id"],
            ["round.organisation_id", "round.id"],
            name=op.f("fk_assignment_organisation_id_round_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_assignment_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_assignment_organisation_id_id")),
        sa.UniqueConstraint(
            "round_id",
            "application_id",
            "panel_member_id",
            name=op.f("uq_assignment_round_id_application_id_panel_member_id"),
        ),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_round_id"), ["round_id"], unique=False)

    op.create_table(
        "confirmation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("application_version_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_key", sa.String(length=40), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "meets", "does_not_meet", "check", name="outcome", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("overrides", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", app.core.model.Instant(length=27), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["staff_user.id"], name=op.f("fk_confirmation_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "application_id"],
            ["application.organisation_id", "application.id"],
            name=op.f("fk_confirmation_organisation_id_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "application_version_id"],
            ["application_version.organisation_id", "application_version.id"],
            name=op.f("fk_confirmation_organisation_id_application_version_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_confirmation_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_confirmation_organisation_id_id")),
    )
    with op.batch_alter_table("confirmation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_confirmation_application_id"), ["application_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_confirmation_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "finding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("application_version_id", sa.Uuid(), nullable=False),
        sa.Column("criterion_key", sa.String(length=40), nullable=False),
        sa.Column("engine_version", sa.String(length=20), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "meets", "does_not_meet", "check", name="outcome", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "working",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "application_version_id"],
            ["application_version.organisation_id", "application_version.id"],
            name=op.f("fk_finding_organisation_id_application_version_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_finding_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint(
            "application_version_id",
            "criterion_key",
            "engine_version",
            name=op.f("uq_finding_application_version_id_criterion_key_engine_version"),
        ),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_finding_organisation_id_id")),
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "rating",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("rubric_item_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("not_ratable", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("at", app.core.model.Instant(length=27), nullable=False),
        sa.CheckConstraint("(value IS NULL) = not_ratable", name=op.f("ck_rating_value_or_not_ratable")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "assignment_id"],
            ["assignment.organisation_id", "assignment.id"],
            name=op.f("fk_rating_organisation_id_assignment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "rubric_item_id"],
            ["rubric_item.organisation_id", "rubric_item.id"],
            name=op.f("fk_rating_organisation_id_rubric_item_id"),
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_rating_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint(
            "assignment_id", "rubric_item_id", "number", name=op.f("uq_rating_assignment_id_rubric_item_id_number")
        ),
        sa.UniqueConstraint("organisation_id", "id", name=op.f("uq_rating_organisation_id_id")),
    )
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rating_organisation_id"), ["organisation_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        secure_postgresql()
    else:
        secure_sqlite()


def downgrade():
    if op.get_bind().dialect.name == "postgresql":
        unsecure_postgresql()
    # ### commands auto generated by Alembic - please adjust! ###
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rating_organisation_id"))

    op.drop_table("rating")
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_organisation_id"))

    op.drop_table("finding")
    with op.batch_alter_table("confirmation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_confirmation_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_confirmation_application_id"))

    op.drop_table("confirmation")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignment_round_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_organisation_id"))

    op.drop_table("assignment")
    with op.batch_alter_table("application_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_application_document_organisation_id"))

    op.drop_table("application_document")
    with op.batch_alter_table("score_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_score_run_round_id"))
        batch_op.drop_index(batch_op.f("ix_score_run_organisation_id"))

    op.drop_table("score_run")
    with op.batch_alter_table("rubric_level", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rubric_level_organisation_id"))

    op.drop_table("rubric_level")
    with op.batch_alter_table("result_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_result_line_organisation_id"))

    op.drop_table("result_line")
    with op.batch_alter_table("panel_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_panel_member_organisation_id"))

    op.drop_table("panel_member")
    with op.batch_alter_table("application_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_application_version_organisation_id"))

    op.drop_table("application_version")
    with op.batch_alter_table("withdrawal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_withdrawal_organisation_id"))

    op.drop_table("withdrawal")
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submission_applicant_id"))

    op.drop_table("submission")
    with op.batch_alter_table("stage_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stage_entry_organisation_id"))

    op.drop_table("stage_entry")
    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stage_organisation_id"))

    op.drop_table("stage")
    with op.batch_alter_table("rubric_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rubric_item_organisation_id"))

    op.drop_table("rubric_item")
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_organisation_id"))

    op.drop_table("round")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_organisation_id"))

    op.drop_table("question")
    with op.batch_alter_table("late_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_late_attempt_organisation_id"))

    op.drop_table("late_attempt")
    with op.batch_alter_table("draft_choice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_choice_opening_id"))
        batch_op.drop_index(batch_op.f("ix_draft_choice_draft_id"))

    op.drop_table("draft_choice")
    with op.batch_alter_table("document_kind", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_kind_organisation_id"))

    op.drop_table("document_kind")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_organisation_id"))

    op.drop_table("decision")
    with op.batch_alter_table("criterion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_criterion_organisation_id"))

    op.drop_table("criterion")
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conflict_organisation_id"))

    op.drop_table("conflict")
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_revision_organisation_id"))

    op.drop_table("revision")
    with op.batch_alter_table("result_set", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_result_set_live", sqlite_where=sa.text("state <> 'void'"), postgresql_where=sa.text("state <> 'void'")
        )
        batch_op.drop_index(batch_op.f("ix_result_set_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_result_set_opening_id"))

    op.drop_table("result_set")
    with op.batch_alter_table("opening_outcome", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opening_outcome_organisation_id"))

    op.drop_table("opening_outcome")
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_opening_id"))
        batch_op.drop_index(batch_op.f("ix_draft_applicant_id"))

    op.drop_table("draft")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_application_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_application_mail_key"))
        batch_op.drop_index("ix_application_list")
        batch_op.drop_index(batch_op.f("ix_application_applicant_id"))

    op.drop_table("application")
    with op.batch_alter_table("applicant_search", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_applicant_search_staff_user_id"))
        batch_op.drop_index(batch_op.f("ix_applicant_search_organisation_id"))

    op.drop_table("applicant_search")
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_role_grant_live_everywhere",
            sqlite_where=sa.text("until IS NULL AND opening_id IS NULL"),
            postgresql_where=sa.text("until IS NULL AND opening_id IS NULL"),
        )
        batch_op.drop_index(
            "uq_role_grant_live", sqlite_where=sa.text("until IS NULL"), postgresql_where=sa.text("until IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_role_grant_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_role_grant_opening_id"))

    op.drop_table("role_grant")
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.drop_index("ix_opening_public")
        batch_op.drop_index(batch_op.f("ix_opening_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_opening_form_key"))
        batch_op.drop_index(batch_op.f("ix_opening_campaign_id"))

    op.drop_table("opening")
    with op.batch_alter_table("employment_form_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_employment_form_version_organisation_id"))

    op.drop_table("employment_form_version")
    op.drop_table("campaign_member")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_file_applicant_id"))

    op.drop_table("stored_file")
    with op.batch_alter_table("staff_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_token_staff_user_id"))

    op.drop_table("staff_token")
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_session_staff_user_id"))

    op.drop_table("staff_session")
    with op.batch_alter_table("setting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_setting_organisation_id"))

    op.drop_table("setting")
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_code_staff_user_id"))

    op.drop_table("recovery_code")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_staff_user_id"))
        batch_op.drop_index(batch_op.f("ix_membership_organisation_id"))

    op.drop_table("membership")
    with op.batch_alter_table("legal_text", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_legal_text_organisation_id"))

    op.drop_table("legal_text")
    with op.batch_alter_table("employment_form", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_employment_form_organisation_id"))

    op.drop_table("employment_form")
    op.drop_table("campaign")
    op.drop_table("audit_detail")
    with op.batch_alter_table("applicant_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_applicant_session_applicant_id"))

    op.drop_table("applicant_session")
    op.drop_table("staff_user")
    with op.batch_alter_table("sign_in_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_code_mail_key"))
        batch_op.drop_index(batch_op.f("ix_sign_in_code_browser_hash"))

    op.drop_table("sign_in_code")
    op.drop_table("rate_count")
    op.drop_table("organisation")
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mail_subject_id"))
        batch_op.drop_index(batch_op.f("ix_mail_organisation_id"))
        batch_op.drop_index("ix_mail_due")

    op.drop_table("mail")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_event_organisation_id"))

    op.drop_table("audit_event")
    with op.batch_alter_table("applicant", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_applicant_confirmed_mail",
            sqlite_where=sa.text("confirmed_at IS NOT NULL"),
            postgresql_where=sa.text("confirmed_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_applicant_mail_key"))

    op.drop_table("applicant")
    with op.batch_alter_table("access_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_event_organisation_id"))

    op.drop_table("access_event")
    if op.get_bind().dialect.name == "postgresql":
        for statement in DROP_FUNCTIONS:
            op.execute(statement)
