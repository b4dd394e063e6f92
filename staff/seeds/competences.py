"""What can be certified, as shared vocabulary.

Own classification, from no rule: the utility may add rows and rename them, but codes stay.
"""

# code, Chinese name, English name, where somebody must hold it
COMPETENCES = (
    ("intake", "业务受理", "Intake", "station"),
    ("survey_lv", "现场勘查（低压）", "Site survey (low voltage)", "station"),
    ("survey_hv", "现场勘查（高压）", "Site survey (high voltage)", "county"),
    ("scheme_lv", "供电方案（低压）", "Supply scheme (low voltage)", "station"),
    ("scheme_hv", "供电方案（高压）", "Supply scheme (high voltage)", "county"),
    ("countersign", "方案会签", "Countersigning schemes", "county"),
    ("fees", "业务费核定", "Determining fees", "county"),
    ("contract", "供用电合同", "Supply contract", "county"),
    ("design_review", "设计文件审查", "Design review", "county"),
    ("mid_inspection", "中间检查", "Mid-construction inspection", "county"),
    ("inspection_lv", "竣工检验（低压）", "Inspection (low voltage)", "station"),
    ("inspection_hv", "竣工检验（高压）", "Inspection (high voltage)", "county"),
    ("metering_lv", "装表接电（低压）", "Metering and connection (low voltage)", "station"),
    ("metering_hv", "装表接电（高压）", "Metering and connection (high voltage)", "county"),
    ("archive", "资料归档", "Archiving", "station"),
    ("countersign_planning", "会签（规划）", "Countersigning (planning)", "county"),
    ("countersign_operations", "会签（运检）", "Countersigning (operations)", "county"),
    ("countersign_dispatch", "会签（调度）", "Countersigning (dispatch)", "county"),
    ("countersign_metering", "会签（计量）", "Countersigning (metering)", "county"),
    ("countersign_finance", "会签（财务）", "Countersigning (finance)", "county"),
)
