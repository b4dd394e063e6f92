"""The made-up people of a demo database: every name, number and office here is invented."""

from dataclasses import dataclass

COUNTY = "370102"
# code, Chinese name, English name
OFFICES = (
    (COUNTY, "临川县供电公司", "Linchuan County Power Supply Company"),
    ("37010201", "城东供电所", "Chengdong Supply Station"),
    ("37010202", "城南供电所", "Chengnan Supply Station"),
    ("37010203", "开发区供电所", "Development Zone Supply Station"),
    ("37010204", "南塘供电所", "Nantang Supply Station"),
    ("37010205", "云溪供电所", "Yunxi Supply Station"),
    ("37010206", "河西供电所", "Hexi Supply Station"),
    ("37010207", "新港供电所", "Xingang Supply Station"),
)
EAST = "37010201"

# Days from today until a certificate ends; what is not named lasts well over a year.
EXPIRED, SOON = -31, 20


@dataclass(frozen=True)
class Member:
    """One officer of the cast; `ends` says which certificates have run out or soon will."""

    username: str
    name: str
    office: str
    roles: tuple[str, ...]
    competences: tuple[str, ...] = ()
    purpose_zh: str = ""
    purpose_en: str = ""
    ends: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Customer:
    """One customer of the cast."""

    key: str
    name: str
    phone: str
    purpose_zh: str
    purpose_en: str


OFFICERS = (
    Member("wangmin", "王敏", EAST, ("intake",), ("intake", "fees", "contract"),
           "受理：登记来访、受理申请、一次性告知", "Intake: registers contacts, accepts applications, asks for papers"),
    Member("lijianguo", "李建国", EAST, ("surveyor", "planner"), ("survey_lv", "survey_hv", "scheme_lv", "scheme_hv"),
           "现场勘查、编制供电方案", "Surveys the site, drafts the supply scheme"),
    Member("zhouxiaofeng", "周晓峰", EAST, ("surveyor",), ("survey_lv",),
           "勘查证书上月过期：看系统怎样拦下", "His survey certificate ran out last month: see what is refused",
           (("survey_lv", EXPIRED),)),
    Member("sunjie", "孙洁", COUNTY, ("planner", "approver"),
           ("scheme_lv", "scheme_hv", "countersign", "contract", "fees"),
           "高压方案、会签与审批", "High-voltage schemes, countersigning, approval"),
    Member("zhaoqiang", "赵强", COUNTY, ("approver",), ("countersign", "countersign_planning"),
           "审批、复核时间更正（第二人）", "Approves; second person for corrections"),
    Member("wutao", "吴涛", EAST, ("inspector", "reviewer"),
           ("design_review", "mid_inspection", "inspection_lv", "inspection_hv"),
           "设计审查、中间检查、竣工检验", "Design review, inspections"),
    Member("hewei", "何伟", EAST, ("fitter",), ("metering_lv", "metering_hv"),
           "装表接电，手机上办", "Fits meters and connects, on a phone"),
    Member("guoqin", "郭琴", EAST, ("archivist",), ("archive",), "资料归档", "Archives finished cases"),
    Member("jinhao", "金浩", COUNTY, ("surveyor",), ("survey_lv", "survey_hv"), "高压现场勘查", "High-voltage site surveys"),
    Member("luwei", "卢伟", COUNTY, ("inspector", "reviewer"),
           ("design_review", "mid_inspection", "inspection_lv", "inspection_hv", "countersign_operations"),
           "高压设计审查、中间检查、竣工检验", "High-voltage design review and inspections"),
    Member("qinfeng", "秦峰", COUNTY, ("fitter",), ("metering_lv", "metering_hv", "countersign_metering"),
           "高压装表接电、计量会签", "High-voltage metering and connection"),
    Member("duanpeng", "段鹏", COUNTY, ("approver",), ("countersign_dispatch",), "调度会签", "Countersigns for dispatch"),
    Member("shenyi", "沈怡", COUNTY, ("approver",), ("countersign_finance",), "财务会签", "Countersigns for finance"),
    Member("heyan", "何艳", COUNTY, ("archivist",), ("archive",), "高压资料归档", "Archives high-voltage cases"),
    Member("chenli", "陈立", COUNTY, ("supervisor",), (),
           "陈主任：时限看板、督办、人员与证书", "Supervisor: deadline board, people and certificates"),
    Member("zhenglin", "郑琳", COUNTY, ("auditor",), (), "稽查：疑点与存证核验", "Auditor: findings, verifying the record"),
    Member("linqing", "林清", COUNTY, ("discipline",), (), "纪检：过问登记", "Discipline office: registered interventions"),
    Member("gaomin", "高敏", COUNTY, ("training",), (), "培训：证书录入、吊销、到期提醒", "Training: enters and revokes certificates"),
    Member("hanlei", "韩磊", COUNTY, ("administrator",), (), "管理员：机构、岗位、账号", "Administrator: offices, posts, accounts"),
)  # fmt: skip

DESK = ("intake", "archive", "fees", "contract")
FIELD = ("survey_lv", "scheme_lv")
LINE = ("inspection_lv", "metering_lv")


def _crew(office: str, *people: tuple[str, str], ends: dict[str, int] | None = None) -> tuple[Member, ...]:
    """A small station: a clerk who also archives, a surveyor who also plans, an inspector who also fits."""
    posts = (("intake", "archivist"), ("surveyor", "planner"), ("inspector", "fitter"))
    return tuple(
        Member(username, name, office, roles, papers, ends=tuple((ends or {}).items()))
        for (username, name), roles, papers in zip(people, posts, (DESK, FIELD, LINE), strict=True)
    )


CREWS = (
    *_crew("37010202", ("tangli", "唐丽"), ("xuwei", "许伟"), ("maojun", "毛军"), ends={"inspection_lv": SOON}),
    *_crew("37010203", ("songyan", "宋燕"), ("luohao", "罗浩"), ("dengbo", "邓波")),
    *_crew("37010204", ("pengna", "彭娜"), ("fanlei", "范磊"), ("shijun", "石军"),
           ends={"metering_lv": EXPIRED}),
    *_crew("37010205", ("qiuyun", "邱云"), ("caijie", "蔡杰"), ("lugang", "陆刚"),
           ends={"survey_lv": EXPIRED}),
    *_crew("37010206", ("yeqing", "叶青"), ("jiangtao", "江涛"), ("weidong", "魏东")),
    *_crew("37010207", ("dailin", "戴琳"), ("shenjie", "沈杰"), ("yaogang", "姚刚"), ends={"survey_lv": SOON}),
)  # fmt: skip

CUSTOMERS = (
    Customer("zhanghaitang", "张海棠", "13800000101",
             "居民客户：申请用电、看进度", "A resident: applies, follows the progress"),
    Customer("hengtai", "马立新", "13800000202",
             "恒泰五金厂的经办人：高压新装", "Agent of Hengtai Hardware Works: new high-voltage supply"),
)  # fmt: skip
