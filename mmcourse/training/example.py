"""A configuration to begin with; it runs as it is."""

EXAMPLE = """\
# What to train on what, for `python -m mmcourse.training --config FILE` or several processes of it:
# `torchrun --nproc_per_node=2 -m mmcourse.training --config FILE`.
# Every key but [output] folder may be left out. Paths count from where the command is typed.

[data]
name = "digits"           # or "mnist-fsdd"; "folder" with images = "my/images", speech = "my/speech"
senses = "both"           # or "image", "speech"
seed = 0                  # of the split and the pairs
pairs_per_image = 3       # recordings that each picture meets
image_noise = 0.4         # standard deviation of what is added to each pixel; 0 for none
snr_db = 2.0              # the speaker against a babble of other voices; left out for none
# examples = 200          # of each part at most, for a quick try

[model]
hidden = 64               # width of the layer before the logits

[model.image]             # counts where senses asks for it
network = "ImageCNN"      # or "ImageResNet"; with the options of mmcourse.modules.image_models
features = 32
channels = 12

[model.speech]
network = "SpeechCNN"     # or "SpeechRNN", "SpeechTransformer"; options of mmcourse.modules.speech_models
features = 32
channels = 24

[training]                # the keywords of mmcourse.training.fit
epochs = 5
seed = 0                  # of the weights, the order of the batches, dropout
batch_size = 64           # of all processes together
learning_rate = 8e-3
weight_decay = 1e-2
max_norm = 1.0            # longest gradient; "none" for any
optimiser = "adamw"       # or "sgd", with momentum 0.9
schedule = "one_cycle"    # or "cosine", "constant"
warmup = 0.1              # share of the steps
accumulate = 1            # batches that make one step
# patience = 3            # epochs without a better monitor; then the best weights come back
monitor = "val_loss"      # or "val_accuracy", or one of metrics
metrics = ["f1_macro"]    # also "top_2", "top_3", "top_5", "f1_weighted", "calibration_error"
precision = "float32"     # or "bfloat16", "float16"
device = "auto"           # or "cpu", "cuda", "mps"
channels_last = false
compile = false
parallel = "ddp"          # several processes hold the whole model each; or "fsdp", a part of it each

[output]
folder = "runs/digits"    # checkpoints, log.csv, history.json, weights.pt
# every = 100             # steps between two checkpoints, besides the end of each epoch
# minutes = 10            # between two checkpoints
keep = 2                  # checkpoints
"""
