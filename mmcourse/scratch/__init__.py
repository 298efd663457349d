"""Networks from bare tensors: torch, and nothing of torch.nn.

Functions take the same arguments in the same order as torch.nn.functional; what torch keeps in a module takes
that module's state_dict as `parameters`. The same things written with torch.nn are in mmcourse.modules, under
the same file names. Import the file you read: `from mmcourse.scratch import conv`.
"""
