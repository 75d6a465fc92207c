from dbt.tests.adapter.constraints.test_constraints import BaseConstraintsColumnsEqual
from dbt.tests.adapter.constraints.test_constraints import BaseConstraintsRuntimeDdlEnforcement
from dbt.tests.adapter.constraints.test_constraints import BaseConstraintsRollback
from dbt.tests.adapter.constraints.test_constraints import BaseTableConstraintsColumnsEqual
from dbt.tests.adapter.constraints.test_constraints import BaseViewConstraintsColumnsEqual
from dbt.tests.adapter.constraints.test_constraints import BaseIncrementalConstraintsColumnsEqual
from dbt.tests.adapter.constraints.test_constraints import BaseIncrementalConstraintsRuntimeDdlEnforcement
from dbt.tests.adapter.constraints.test_constraints import BaseIncrementalConstraintsRollback
from dbt.tests.adapter.constraints.test_constraints import BaseContractSqlHeader
from dbt.tests.adapter.constraints.test_constraints import BaseTableContractSqlHeader
from dbt.tests.adapter.constraints.test_constraints import BaseIncrementalContractSqlHeader
from dbt.tests.adapter.constraints.test_constraints import BaseModelConstraintsRuntimeEnforcement
from dbt.tests.adapter.constraints.test_constraints import BaseConstraintQuotedColumn
from dbt.tests.adapter.constraints.test_constraints import BaseIncrementalForeignKeyConstraint
from dbt.tests.adapter.persist_docs.test_persist_docs import BasePersistDocsBase
from dbt.tests.adapter.persist_docs.test_persist_docs import BasePersistDocs
from dbt.tests.adapter.persist_docs.test_persist_docs import BasePersistDocsColumnMissing
from dbt.tests.adapter.persist_docs.test_persist_docs import BasePersistDocsAllColumnsMissing
from dbt.tests.adapter.persist_docs.test_persist_docs import BasePersistDocsQuotedColumnCaseSensitive
from dbt.tests.adapter.persist_docs.test_persist_docs import BasePersistDocsQuotedDescriptionNotAppliedOnMismatch
from dbt.tests.adapter.persist_docs.test_persist_docs import BasePersistDocsCommentOnQuotedColumn


class TestConstraintsColumnsEqual(BaseConstraintsColumnsEqual):
    pass


class TestConstraintsRuntimeDdlEnforcement(BaseConstraintsRuntimeDdlEnforcement):
    pass


class TestConstraintsRollback(BaseConstraintsRollback):
    pass


class TestTableConstraintsColumnsEqual(BaseTableConstraintsColumnsEqual):
    pass


class TestViewConstraintsColumnsEqual(BaseViewConstraintsColumnsEqual):
    pass


class TestIncrementalConstraintsColumnsEqual(BaseIncrementalConstraintsColumnsEqual):
    pass


class TestIncrementalConstraintsRuntimeDdlEnforcement(BaseIncrementalConstraintsRuntimeDdlEnforcement):
    pass


class TestIncrementalConstraintsRollback(BaseIncrementalConstraintsRollback):
    pass


class TestContractSqlHeader(BaseContractSqlHeader):
    pass


class TestTableContractSqlHeader(BaseTableContractSqlHeader):
    pass


class TestIncrementalContractSqlHeader(BaseIncrementalContractSqlHeader):
    pass


class TestModelConstraintsRuntimeEnforcement(BaseModelConstraintsRuntimeEnforcement):
    pass


class TestConstraintQuotedColumn(BaseConstraintQuotedColumn):
    pass


class TestIncrementalForeignKeyConstraint(BaseIncrementalForeignKeyConstraint):
    pass


class TestPersistDocsBase(BasePersistDocsBase):
    pass


class TestPersistDocs(BasePersistDocs):
    pass


class TestPersistDocsColumnMissing(BasePersistDocsColumnMissing):
    pass


class TestPersistDocsAllColumnsMissing(BasePersistDocsAllColumnsMissing):
    pass


class TestPersistDocsQuotedColumnCaseSensitive(BasePersistDocsQuotedColumnCaseSensitive):
    pass


class TestPersistDocsQuotedDescriptionNotAppliedOnMismatch(BasePersistDocsQuotedDescriptionNotAppliedOnMismatch):
    pass


class TestPersistDocsCommentOnQuotedColumn(BasePersistDocsCommentOnQuotedColumn):
    pass

