"""Everything the first act needs"""

from alembic import op
import sqlalchemy as sa
import sqlmodel

from models.schema import protect


revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE SEQUENCE journal_entry_id")
    op.create_table(
        "body",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name_kk", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name_ru", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["body.id"], name=op.f("fk_body_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body")),
        sa.UniqueConstraint("code", name=op.f("uq_body_code")),
    )
    op.create_table(
        "callback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("received_at", sa.String(length=27), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("done_at", sa.String(length=27), nullable=True),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback")),
        sa.UniqueConstraint("digest", name=op.f("uq_callback_digest")),
    )
    with op.batch_alter_table("callback", schema=None) as batch_op:
        batch_op.create_index(
            "ix_callback_held",
            ["received_at"],
            unique=False,
            sqlite_where=sa.text("body <> ''"),
            postgresql_where=sa.text("body <> ''"),
        )
        batch_op.create_index(
            "ix_callback_new",
            ["id"],
            unique=False,
            sqlite_where=sa.text("state = 'new'"),
            postgresql_where=sa.text("state = 'new'"),
        )

    op.create_table(
        "cycle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("act", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("revision", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("period", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("evaluation", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("organisation", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("time_zone", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("stage", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("law_hash", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("calendar_hash", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("organisation_hash", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("opened_at", sa.String(length=27), nullable=False),
        sa.Column("opened_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("approved_at", sa.String(length=27), nullable=True),
        sa.Column("approved_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("closed_at", sa.String(length=27), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("advanced_at", sa.String(length=27), nullable=True),
        sa.Column("staff_seen", sa.Integer(), nullable=False),
        sa.Column("tracker_run", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycle")),
        sa.UniqueConstraint("key", name=op.f("uq_cycle_key")),
    )
    op.create_table(
        "journal_content",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("digest", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "kind", "key", name=op.f("pk_journal_content")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "journal_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("recorded_at", sa.String(length=27), nullable=False),
        sa.Column("event", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=True),
        sa.Column("body", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("prev_hash", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("hash", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entry")),
        sa.UniqueConstraint("seq", name=op.f("uq_journal_entry_seq")),
    )
    with op.batch_alter_table("journal_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_entry_cycle_id"), ["cycle_id"], unique=False)

    op.create_table(
        "journal_row",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("from_stage", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("to_stage", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("acted_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("acted_at", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("content", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.PrimaryKeyConstraint("entry_id", "assessment_id", name=op.f("pk_journal_row")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("journal_row", schema=None) as batch_op:
        batch_op.create_index("uq_journal_row_step", ["assessment_id", "version"], unique=True)

    op.create_table(
        "lane",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("channel", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", sa.String(length=27), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("probe_at", sa.String(length=27), nullable=True),
        sa.Column("free_at", sa.String(length=27), nullable=True),
        sa.Column("day", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("alerted_at", sa.String(length=27), nullable=True),
        sa.Column("warned_at", sa.String(length=27), nullable=True),
        sa.Column("counted_from", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lane")),
        sa.UniqueConstraint("organisation", "channel", name=op.f("uq_lane_organisation_channel")),
    )
    op.create_table(
        "mark",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("comment", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.PrimaryKeyConstraint("assessment_id", "number", name=op.f("pk_mark")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("personnel_no", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("surname", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("given_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("patronymic", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sort_key", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("phone", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("address", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("personnel_no", name=op.f("uq_person_personnel_no")),
    )
    op.create_table(
        "pinned_text",
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_pinned_text")),
    )
    op.create_table(
        "plan_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("act", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("revision", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("plan", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("period", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("evaluation", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("organisation", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("time_zone", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("law_hash", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("organisation_hash", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("calendar_hash", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("opened_at", sa.String(length=27), nullable=False),
        sa.Column("opened_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_round")),
        sa.UniqueConstraint("key", name=op.f("uq_plan_round_key")),
    )
    op.create_table(
        "result",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("score", sa.String(length=40), nullable=True),
        sa.Column("unrounded", sa.String(length=40), nullable=True),
        sa.Column("grade", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("working", sa.Text(), nullable=False),
        sa.Column("rules", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("readings", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("alternatives", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sanctions", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("more", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("assessment_id", "version", name=op.f("pk_result")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "staff_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("actor", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_import")),
    )
    op.create_table(
        "wording",
        sa.Column("template", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("first_used_at", sa.String(length=27), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("template", name=op.f("pk_wording")),
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
        sa.UniqueConstraint("person_id", "kind", "first_day", name=op.f("uq_absence_person_id_kind_first_day")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absence_person_id"), ["person_id"], unique=False)

    op.create_table(
        "annual_mark",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("act", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("organisation", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("evaluation", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("score", sa.String(length=40), nullable=True),
        sa.Column("unrounded", sa.String(length=40), nullable=True),
        sa.Column("grade", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("quarters", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("working", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("readings", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("due", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("salt", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_annual_mark_person_id")),
        sa.PrimaryKeyConstraint(
            "person_id", "act", "organisation", "evaluation", "year", "version", name=op.f("pk_annual_mark")
        ),
    )
    op.create_table(
        "commission_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("for_day", sa.Date(), nullable=False),
        sa.Column("called_at", sa.String(length=27), nullable=False),
        sa.Column("called_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["called_by"], ["person.id"], name=op.f("fk_commission_call_called_by")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_commission_call_cycle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commission_call")),
    )
    with op.batch_alter_table("commission_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commission_call_cycle_id"), ["cycle_id"], unique=False)

    op.create_table(
        "commission_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("act", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("panel", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("order_text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("recorded_at", sa.String(length=27), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_commission_order_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commission_order")),
    )
    with op.batch_alter_table("commission_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commission_order_organisation"), ["organisation"], unique=False)

    op.create_table(
        "commission_submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("documents", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_commission_submission_by_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_commission_submission_cycle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commission_submission")),
    )
    with op.batch_alter_table("commission_submission", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commission_submission_cycle_id"), ["cycle_id"], unique=False)

    op.create_table(
        "commission_vote",
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("vote", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_commission_vote_person_id")),
        sa.PrimaryKeyConstraint("sitting_id", "number", "person_id", name=op.f("pk_commission_vote")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("channel", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("facts", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("created_at", sa.String(length=27), nullable=False),
        sa.Column("due_at", sa.String(length=27), nullable=True),
        sa.Column("claimed_at", sa.String(length=27), nullable=True),
        sa.Column("next_at", sa.String(length=27), nullable=True),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("carrier", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("possible_duplicate", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("handed_at", sa.String(length=27), nullable=True),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("template", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("content_hash", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("failure", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_notice_cycle_id")),
        sa.ForeignKeyConstraint(["recipient_id"], ["person.id"], name=op.f("fk_notice_recipient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint(
            "cycle_id",
            "assessment_id",
            "kind",
            "recipient_id",
            "channel",
            "round",
            name=op.f("uq_notice_cycle_id_assessment_id_kind_recipient_id_channel_round"),
        ),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(
            "ix_notice_failed",
            ["cycle_id"],
            unique=False,
            sqlite_where=sa.text("state = 'failed'"),
            postgresql_where=sa.text("state = 'failed'"),
        )
        batch_op.create_index(
            "ix_notice_owed",
            ["cycle_id"],
            unique=False,
            sqlite_where=sa.text("state = 'handed' AND due_at IS NOT NULL"),
            postgresql_where=sa.text("state = 'handed' AND due_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_notice_waiting",
            ["state", "due_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('waiting', 'claimed', 'unknown')"),
            postgresql_where=sa.text("state IN ('waiting', 'claimed', 'unknown')"),
        )

    op.create_table(
        "official",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("order_text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("recorded_at", sa.String(length=27), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_official_cycle_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_official_person_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_official_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_official")),
    )
    with op.batch_alter_table("official", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_official_cycle_id"), ["cycle_id"], unique=False)

    op.create_table(
        "sanction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sanction_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sanction")),
        sa.UniqueConstraint("person_id", "kind", "applied_on", name=op.f("uq_sanction_person_id_kind_applied_on")),
    )
    with op.batch_alter_table("sanction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sanction_person_id"), ["person_id"], unique=False)

    op.create_table(
        "survey_key",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("public", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_survey_key_cycle_id")),
        sa.PrimaryKeyConstraint("cycle_id", name=op.f("pk_survey_key")),
    )
    op.create_table(
        "term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("deadline_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("anchor", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("anchor_date", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("target", sa.Date(), nullable=False),
        sa.Column("due_at", sa.String(length=27), nullable=False),
        sa.Column("point", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("rules", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("readings", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("house", sa.Boolean(), nullable=False),
        sa.Column("scheduled_run", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_term_cycle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
        sa.UniqueConstraint(
            "cycle_id", "deadline_id", "anchor_date", name=op.f("uq_term_cycle_id_deadline_id_anchor_date")
        ),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name_kk", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name_ru", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("head_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_unit_body_id")),
        sa.ForeignKeyConstraint(["head_id"], ["person.id"], name=op.f("fk_unit_head_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("body_id", "code", name=op.f("uq_unit_body_id_code")),
    )
    op.create_table(
        "worked_days",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("period", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_worked_days_person_id")),
        sa.PrimaryKeyConstraint("person_id", "period", name=op.f("pk_worked_days")),
    )
    op.create_table(
        "commission_seat",
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("capacity", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["commission_order.id"], name=op.f("fk_commission_seat_order_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_commission_seat_person_id")),
        sa.PrimaryKeyConstraint("order_id", "person_id", name=op.f("pk_commission_seat")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "commission_sitting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("held_at", sa.String(length=27), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_commission_sitting_cycle_id")),
        sa.ForeignKeyConstraint(["order_id"], ["commission_order.id"], name=op.f("fk_commission_sitting_order_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_commission_sitting_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commission_sitting")),
    )
    with op.batch_alter_table("commission_sitting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commission_sitting_cycle_id"), ["cycle_id"], unique=False)

    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("title_kk", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("title_ru", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("category", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("leadership", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_post_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint(
            "unit_id", "title_kk", "category", "leadership", name=op.f("uq_post_unit_id_title_kk_category_leadership")
        ),
    )
    op.create_table(
        "receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("event", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("recorded_at", sa.String(length=27), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("event_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("detail", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("scan_sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("content_hash", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_receipt_notice_id")),
        sa.ForeignKeyConstraint(["officer_id"], ["person.id"], name=op.f("fk_receipt_officer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("source", "event_id", name=op.f("uq_receipt_source_event_id")),
    )
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.create_index(
            "ix_receipt_missed",
            ["notice_id"],
            unique=False,
            sqlite_where=sa.text("event IN ('undelivered', 'returned', 'refused')"),
            postgresql_where=sa.text("event IN ('undelivered', 'returned', 'refused')"),
        )
        batch_op.create_index(batch_op.f("ix_receipt_notice_id"), ["notice_id"], unique=False)

    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("basis", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("dismissed", sa.Boolean(), nullable=False),
        sa.Column("supervisor_id", sa.Integer(), nullable=True),
        sa.Column("probation_until", sa.Date(), nullable=True),
        sa.Column("provides_services", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("host_unit_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["host_unit_id"], ["unit.id"], name=op.f("fk_appointment_host_unit_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_appointment_person_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_appointment_post_id")),
        sa.ForeignKeyConstraint(["supervisor_id"], ["person.id"], name=op.f("fk_appointment_supervisor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("person_id", "started_on", name=op.f("uq_appointment_person_id_started_on")),
    )
    op.create_table(
        "commission_approval",
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("approved_at", sa.String(length=27), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["approved_by"], ["person.id"], name=op.f("fk_commission_approval_approved_by")),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["commission_sitting.id"], name=op.f("fk_commission_approval_sitting_id")
        ),
        sa.PrimaryKeyConstraint("sitting_id", name=op.f("pk_commission_approval")),
    )
    op.create_table(
        "commission_ballot",
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("proposal", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["commission_sitting.id"], name=op.f("fk_commission_ballot_sitting_id")
        ),
        sa.PrimaryKeyConstraint("sitting_id", "number", name=op.f("pk_commission_ballot")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "commission_presence",
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("capacity", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_commission_presence_person_id")),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["commission_sitting.id"], name=op.f("fk_commission_presence_sitting_id")
        ),
        sa.PrimaryKeyConstraint("sitting_id", "person_id", name=op.f("pk_commission_presence")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "commission_protocol",
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.String(length=27), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_commission_protocol_recorded_by")),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["commission_sitting.id"], name=op.f("fk_commission_protocol_sitting_id")
        ),
        sa.PrimaryKeyConstraint("sitting_id", name=op.f("pk_commission_protocol")),
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("stage", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("form", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("evaluator_id", sa.Integer(), nullable=True),
        sa.Column("marker_id", sa.Integer(), nullable=True),
        sa.Column("dismissed", sa.Boolean(), nullable=False),
        sa.Column("absent", sa.Boolean(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("plan_rules", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("plan_note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("result_version", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.String(length=27), nullable=True),
        sa.Column("agreed_at", sa.String(length=27), nullable=True),
        sa.Column("agreed_by", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.String(length=27), nullable=True),
        sa.Column("decided_at", sa.String(length=27), nullable=True),
        sa.Column("completed_at", sa.String(length=27), nullable=True),
        sa.Column("released_at", sa.String(length=27), nullable=True),
        sa.Column("familiarised_at", sa.String(length=27), nullable=True),
        sa.Column("familiarised_how", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("closed_at", sa.String(length=27), nullable=True),
        sa.Column("salt", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(["agreed_by"], ["person.id"], name=op.f("fk_assessment_agreed_by")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], name=op.f("fk_assessment_appointment_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name=op.f("fk_assessment_cycle_id")),
        sa.ForeignKeyConstraint(["evaluator_id"], ["person.id"], name=op.f("fk_assessment_evaluator_id")),
        sa.ForeignKeyConstraint(["marker_id"], ["person.id"], name=op.f("fk_assessment_marker_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assessment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("cycle_id", "person_id", name=op.f("uq_assessment_cycle_id_person_id")),
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_assessment_open",
            ["cycle_id", "stage"],
            unique=False,
            sqlite_where=sa.text("stage NOT IN ('closed', 'exempt', 'disposed')"),
            postgresql_where=sa.text("stage NOT IN ('closed', 'exempt', 'disposed')"),
        )

    op.create_table(
        "work_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("stage", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("supervisor_id", sa.Integer(), nullable=True),
        sa.Column("approver_id", sa.Integer(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("due_reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("content", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.String(length=27), nullable=True),
        sa.Column("returned_at", sa.String(length=27), nullable=True),
        sa.Column("again_by", sa.Date(), nullable=True),
        sa.Column("approved_at", sa.String(length=27), nullable=True),
        sa.Column("place_by", sa.Date(), nullable=True),
        sa.Column("placed_at", sa.String(length=27), nullable=True),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], name=op.f("fk_work_plan_appointment_id")),
        sa.ForeignKeyConstraint(["approver_id"], ["person.id"], name=op.f("fk_work_plan_approver_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_work_plan_person_id")),
        sa.ForeignKeyConstraint(["round_id"], ["plan_round.id"], name=op.f("fk_work_plan_round_id")),
        sa.ForeignKeyConstraint(["supervisor_id"], ["person.id"], name=op.f("fk_work_plan_supervisor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_plan")),
        sa.UniqueConstraint("round_id", "person_id", name=op.f("uq_work_plan_round_id_person_id")),
    )
    op.create_table(
        "appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.String(length=27), nullable=False),
        sa.Column("authority", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("result_version", sa.Integer(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_appeal_assessment_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_appeal_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
    )
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeal_assessment_id"), ["assessment_id"], unique=False)

    op.create_table(
        "calibration_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.String(length=27), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("decided_at", sa.String(length=27), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("ground", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_calibration_request_assessment_id")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_calibration_request_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_request")),
    )
    with op.batch_alter_table("calibration_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calibration_request_assessment_id"), ["assessment_id"], unique=False)
        batch_op.create_index(
            "uq_calibration_request_alive",
            ["assessment_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'refused'"),
            postgresql_where=sa.text("state <> 'refused'"),
        )

    op.create_table(
        "commission_decision",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("ballot", sa.Integer(), nullable=False),
        sa.Column("decision", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("says", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("abstained", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("version_before", sa.Integer(), nullable=False),
        sa.Column("version_after", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_commission_decision_assessment_id")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["commission_sitting.id"], name=op.f("fk_commission_decision_sitting_id")
        ),
        sa.PrimaryKeyConstraint("assessment_id", "sitting_id", name=op.f("pk_commission_decision")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("commission_decision", schema=None) as batch_op:
        batch_op.create_index("ix_commission_decision_sitting", ["sitting_id"], unique=False)

    op.create_table(
        "court_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_court_record_assessment_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_court_record_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_court_record")),
    )
    with op.batch_alter_table("court_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_court_record_assessment_id"), ["assessment_id"], unique=False)

    op.create_table(
        "plan_actual",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("period", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("actual", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("percent", sa.String(length=40), nullable=True),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_plan_actual_by")),
        sa.ForeignKeyConstraint(["plan_id"], ["work_plan.id"], name=op.f("fk_plan_actual_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", "period", "number", "version", name=op.f("pk_plan_actual")),
    )
    op.create_table(
        "plan_event",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("event", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("from_stage", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("to_stage", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["work_plan.id"], name=op.f("fk_plan_event_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", "version", name=op.f("pk_plan_event")),
    )
    op.create_table(
        "plan_item",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("planned", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("expected", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("measurable", sa.Boolean(), nullable=False),
        sa.Column("checks", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["work_plan.id"], name=op.f("fk_plan_item_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", "version", "number", name=op.f("pk_plan_item")),
    )
    op.create_table(
        "plan_monitoring",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("period", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("recommendations", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_plan_monitoring_by")),
        sa.ForeignKeyConstraint(["plan_id"], ["work_plan.id"], name=op.f("fk_plan_monitoring_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", "period", name=op.f("pk_plan_monitoring")),
    )
    op.create_table(
        "refusal_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("what", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("result_version", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("drawn_up_by", sa.Integer(), nullable=False),
        sa.Column("first_witness", sa.Integer(), nullable=True),
        sa.Column("second_witness", sa.Integer(), nullable=True),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_refusal_act_assessment_id")),
        sa.ForeignKeyConstraint(["drawn_up_by"], ["person.id"], name=op.f("fk_refusal_act_drawn_up_by")),
        sa.ForeignKeyConstraint(["first_witness"], ["person.id"], name=op.f("fk_refusal_act_first_witness")),
        sa.ForeignKeyConstraint(["second_witness"], ["person.id"], name=op.f("fk_refusal_act_second_witness")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusal_act")),
        sa.UniqueConstraint(
            "assessment_id", "what", "result_version", name=op.f("uq_refusal_act_assessment_id_what_result_version")
        ),
    )
    op.create_table(
        "result_dispatch",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("result_version", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("channel", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_result_dispatch_assessment_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_result_dispatch_recorded_by")),
        sa.PrimaryKeyConstraint("assessment_id", "result_version", name=op.f("pk_result_dispatch")),
    )
    op.create_table(
        "service_record_entry",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("result_version", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_service_record_entry_assessment_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_service_record_entry_recorded_by")),
        sa.PrimaryKeyConstraint("assessment_id", "result_version", name=op.f("pk_service_record_entry")),
    )
    op.create_table(
        "sheet_content",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("side", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.Integer(), nullable=True),
        sa.Column("signed_at", sa.String(length=27), nullable=False),
        sa.Column("recorded_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_sheet_content_assessment_id")),
        sa.ForeignKeyConstraint(["signed_by"], ["person.id"], name=op.f("fk_sheet_content_signed_by")),
        sa.PrimaryKeyConstraint("assessment_id", "side", "version", name=op.f("pk_sheet_content")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sheet_return",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("side", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("returned_by", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_sheet_return_assessment_id")),
        sa.ForeignKeyConstraint(["returned_by"], ["person.id"], name=op.f("fk_sheet_return_returned_by")),
        sa.PrimaryKeyConstraint("assessment_id", "side", "version", name=op.f("pk_sheet_return")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "survey_ballot",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_survey_ballot_assessment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_ballot")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("survey_ballot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_ballot_assessment_id"), ["assessment_id"], unique=False)

    op.create_table(
        "survey_respondent",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("circle", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("fk_survey_respondent_assessment_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_survey_respondent_person_id")),
        sa.PrimaryKeyConstraint("assessment_id", "person_id", name=op.f("pk_survey_respondent")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "appeal_outcome",
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_appeal_outcome_appeal_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_appeal_outcome_recorded_by")),
        sa.PrimaryKeyConstraint("appeal_id", name=op.f("pk_appeal_outcome")),
    )
    op.create_table(
        "appeal_report",
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_appeal_report_appeal_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_appeal_report_recorded_by")),
        sa.PrimaryKeyConstraint("appeal_id", name=op.f("pk_appeal_report")),
    )
    op.create_table(
        "calibration_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("approved_at", sa.String(length=27), nullable=False),
        sa.Column("held_at", sa.String(length=27), nullable=True),
        sa.Column("evaluator_argument", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("evaluatee_argument", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("argument_manner", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("score_before", sa.String(length=40), nullable=True),
        sa.Column("score_after", sa.String(length=40), nullable=True),
        sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("protocol_signed_at", sa.String(length=27), nullable=True),
        sa.Column("protocol_uploaded_at", sa.String(length=27), nullable=True),
        sa.Column("feedback_at", sa.String(length=27), nullable=True),
        sa.Column("feedback_note", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_calibration_session_assessment_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["calibration_request.id"], name=op.f("fk_calibration_session_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_session")),
        sa.UniqueConstraint("request_id", name=op.f("uq_calibration_session_request_id")),
    )
    with op.batch_alter_table("calibration_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calibration_session_assessment_id"), ["assessment_id"], unique=False)

    op.create_table(
        "session_member",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("capacity", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("vote", sa.String(length=40), nullable=True),
        sa.Column("argument", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_session_member_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["calibration_session.id"], name=op.f("fk_session_member_session_id")),
        sa.PrimaryKeyConstraint("session_id", "person_id", name=op.f("pk_session_member")),
    )
    protect(op.get_bind())


def downgrade() -> None:
    raise RuntimeError("Evidence is never taken back; restore a backup instead.")
