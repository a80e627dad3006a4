import { attackList } from "./attack-list.ts";
import { attackRun } from "./attack-run.ts";
import { auditExport } from "./audit-export.ts";
import { auditSearch } from "./audit-search.ts";
import { auditShow } from "./audit-show.ts";
import { auditTail } from "./audit-tail.ts";
import { auditVerify } from "./audit-verify.ts";
import { catalogueBuild } from "./catalogue-build.ts";
import { catalogueClassify } from "./catalogue-classify.ts";
import { catalogueOverride } from "./catalogue-override.ts";
import { catalogueSearch } from "./catalogue-search.ts";
import { catalogueShow } from "./catalogue-show.ts";
import { catalogueExport } from "./catalogue-export.ts";
import type { CommandSpec } from "./command.ts";
import { connect } from "./connect.ts";
import { doctor } from "./doctor.ts";
import { freeze } from "./freeze.ts";
import { grantCreate } from "./grant-create.ts";
import { grantList } from "./grant-list.ts";
import { grantRevoke } from "./grant-revoke.ts";
import { grantRotate } from "./grant-rotate.ts";
import { grantShow } from "./grant-show.ts";
import { policyCheck } from "./policy-check.ts";
import { policyEval } from "./policy-eval.ts";
import { policyRecommend } from "./policy-recommend.ts";
import { policyTest } from "./policy-test.ts";
import { serve } from "./serve.ts";
import { serverList } from "./server-list.ts";
import { serverScan } from "./server-scan.ts";
import { unfreeze } from "./unfreeze.ts";
import { wrap } from "./wrap.ts";

/** Every command, in the order in which help shows them. */
export const COMMANDS: readonly CommandSpec[] = [
  serve,
  wrap,
  connect,
  policyCheck,
  policyEval,
  policyTest,
  policyRecommend,
  serverList,
  serverScan,
  grantCreate,
  grantList,
  grantShow,
  grantRotate,
  grantRevoke,
  freeze,
  unfreeze,
  auditTail,
  auditSearch,
  auditShow,
  auditExport,
  auditVerify,
  catalogueSearch,
  catalogueShow,
  catalogueClassify,
  catalogueOverride,
  catalogueBuild,
  catalogueExport,
  attackList,
  attackRun,
  doctor,
];
