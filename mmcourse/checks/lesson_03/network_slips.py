"""A network for pictures as people get it wrong: what the check of 03.13 compares an answer with."""

from mmcourse.checks import lazy

F = lazy("torch.nn.functional")


def conv(parameters, name, x, padding=1, bias=True):
    return F.conv2d(
        x, parameters[f"{name}.weight"], parameters[f"{name}.bias"] if bias else None, padding=padding
    )


def image_cnn(
    parameters,
    image,
    *,
    padding=(1, 1),
    relu=(True, True),
    bias=(True, True, True),
    pools=("max", "max"),
    shape="relu",
    order="channel row column",
    ending="logits",
):
    """The network, with a switch for each slip."""
    x = conv(parameters, "conv1", image, padding[0], bias[0])
    x = getattr(F, shape)(x) if relu[0] else x
    x = first_pooling(x, pools[0])
    x = conv(parameters, "conv2", x, padding[1], bias[1])
    x = getattr(F, shape)(x) if relu[1] else x
    x = last_pooling(x, pools[1])
    if order == "row column channel":
        x = x.permute(0, 2, 3, 1)
    elif order == "channel column row":
        x = x.transpose(2, 3)
    x = F.linear(x.flatten(1), parameters["linear.weight"], parameters["linear.bias"] if bias[2] else None)
    return {"logits": x, "relu": x.relu(), "softmax": x.softmax(-1), "log": x.log_softmax(-1)}[ending]


def first_pooling(x, kind):
    if kind in ("none", "adaptive", "three"):
        return {"none": x, "adaptive": F.adaptive_max_pool2d(x, 4), "three": F.max_pool2d(x, 3)}[kind]
    return F.avg_pool2d(x, 2) if kind == "mean" else F.max_pool2d(x, 2, 1 if kind == "dense" else 2)


def last_pooling(x, kind):
    if kind == "cut":
        return cut(x, 4)
    if kind == "resized":
        return F.interpolate(x, (4, 4), mode="nearest")
    return F.adaptive_max_pool2d(x, 4) if kind == "max" else F.adaptive_avg_pool2d(x, 4)


def cut(x, size):
    """Windows of one size that lie side by side, the rest left out."""
    kernel = [max(n // size, 1) for n in x.shape[2:]]
    return F.pad(F.max_pool2d(x, kernel, kernel), (0, size, 0, size))[:, :, :size, :size]


def one_picture(parameters, image):
    """The batch flattened away."""
    return image_cnn(parameters, image).squeeze()


def first_picture(parameters, image):
    return image_cnn(parameters, image[:1])


def same_conv(parameters, image):
    """conv1 twice, where its channels allow it."""
    same = {**parameters, "conv2.weight": parameters["conv1.weight"], "conv2.bias": parameters["conv1.bias"]}
    return image_cnn(same, image)


def features(parameters, image):
    return without_linear(parameters, image).flatten(1)


def turned(parameters, image):
    turned = {name: x.flip(2, 3) if x.dim() == 4 else x for name, x in parameters.items()}
    return image_cnn(turned, image)


def without_linear(parameters, image):
    """All that comes before the linear layer."""
    x = F.max_pool2d(conv(parameters, "conv1", image).relu(), 2)
    return F.adaptive_max_pool2d(conv(parameters, "conv2", x).relu(), 4)


def flattened(parameters, image):
    x = without_linear(parameters, image).flatten()
    return F.linear(x, parameters["linear.weight"], parameters["linear.bias"])


def not_transposed(parameters, image):
    return without_linear(parameters, image).flatten(1) @ parameters["linear.weight"]


def halved_again(parameters, image):
    """Pooling over 2 × 2 where the adaptive one belongs."""
    x = F.max_pool2d(conv(parameters, "conv1", image).relu(), 2)
    x = F.max_pool2d(conv(parameters, "conv2", x).relu(), 2)
    return F.linear(x.flatten(1), parameters["linear.weight"], parameters["linear.bias"])


def relu_in_front(parameters, image):
    x = F.max_pool2d(conv(parameters, "conv1", image.relu()), 2)
    x = F.adaptive_max_pool2d(conv(parameters, "conv2", x.relu()), 4)
    return F.linear(x.flatten(1), parameters["linear.weight"], parameters["linear.bias"])


def edges_repeated(parameters, image):
    x = conv(parameters, "conv1", F.pad(image, (1, 1, 1, 1), mode="replicate"), 0)
    x = conv(parameters, "conv2", F.pad(F.max_pool2d(x.relu(), 2), (1, 1, 1, 1), mode="replicate"), 0)
    x = F.adaptive_max_pool2d(x.relu(), 4)
    return F.linear(x.flatten(1), parameters["linear.weight"], parameters["linear.bias"])


def picture_changed(parameters, image):
    return image_cnn(parameters, image.relu_())


def features_in_the_code(parameters, image):
    """The number of features of the task's example, whatever the number of kernels."""
    x = F.max_pool2d(conv(parameters, "conv1", image).relu(), 2)
    x = F.adaptive_max_pool2d(conv(parameters, "conv2", x).relu(), 4)
    return F.linear(x.reshape(-1, 96), parameters["linear.weight"], parameters["linear.bias"])
