"""What nobody may grant themselves: 延期, 挂账, 退回, late 不立单 and 依法终结 are decided by the level above."""
