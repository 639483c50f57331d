#!/usr/bin/env python3
"""Times PyTorch on this machine's card at the works that Retort's targets name, and joins both into one table.

    ./retort bench --device cuda --only "$(gpu/peers/torch_peer.py --only)" --json cuda.json
    gpu/peers/torch_peer.py --json torch.json                   # needs torch with CUDA
    gpu/peers/torch_peer.py --table cuda.json torch.json        # needs no torch

Both sides run the same works, in turn on the same card: same shapes, losses, optimisers; a training step uploads its
images and reads its loss. PyTorch runs eager, images channels-last, products in TF32 unless --float32 is given. Each
figure is the median of rounds, timed by CUDA events around a number of runs that fills a tenth of a second.
"""

import argparse
import json
import math
import re
import statistics
import sys

# The denoising head of the pair ResNet-32x4 and ResNet-8x4 (retort.experiments.bench.HeadShape).
TOKEN, TOKENS, CONDITION, DEPTH, FREQUENCIES, WIDTH = 64, 4, 256, 3, 256, 1024
HEAD_IMAGES, HEAD_DRAWS, SAMPLED_IMAGES, SAMPLING_STEPS = 64, 30, 1024, 64
ROWS, SAMPLED = HEAD_IMAGES * TOKENS * HEAD_DRAWS, SAMPLED_IMAGES * TOKENS
STEPS, GUIDANCE = 1000, 2.0
PRODUCT, BATCH, CLASSES = 4096, 128, 100

SGEMM = f"sgemm {PRODUCT}x{PRODUCT}x{PRODUCT} NN"
RESNET = f"resnet20 training step 32x32 b{BATCH}"
HEAD = f"denoising head training step width {WIDTH}, {ROWS} rows"
SAMPLING = f"{SAMPLING_STEPS}-step guided sampling width {WIDTH}, {SAMPLED} tokens"
# What Retort's speed should be, as a part of PyTorch's.
TARGETS = {SGEMM: 0.95, RESNET: 0.8, HEAD: 0.9, SAMPLING: 1.2}


# ---- the works; each is made once and returns a function that runs it


def sgemm(torch):
    a, b = (torch.rand(PRODUCT, PRODUCT, device="cuda") for _ in range(2))
    c = torch.empty_like(a)
    return lambda: torch.mm(a, b, out=c)


def resnet20(torch):
    """ResNet-20 for 32x32 images with projection shortcuts, 100 classes: 278,324 parameters."""
    nn = torch.nn

    class Block(nn.Module):
        def __init__(self, inside, out, stride):
            super().__init__()
            self.conv1 = nn.Conv2d(inside, out, 3, stride, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(out)
            self.conv2 = nn.Conv2d(out, out, 3, 1, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(out)
            self.shortcut = nn.Sequential()
            if stride != 1 or inside != out:
                self.shortcut = nn.Sequential(nn.Conv2d(inside, out, 1, stride, bias=False), nn.BatchNorm2d(out))

        def forward(self, x):
            y = torch.relu(self.bn1(self.conv1(x)))
            return torch.relu(self.bn2(self.conv2(y)) + self.shortcut(x))

    layers, inside = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()], 16
    for stage, width in enumerate((16, 32, 64)):
        for i in range(3):
            layers.append(Block(inside, width, 2 if stage > 0 and i == 0 else 1))
            inside = width
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, CLASSES)]
    net = nn.Sequential(*layers).cuda().to(memory_format=torch.channels_last)
    count = sum(p.numel() for p in net.parameters())
    assert count == 278_324, count
    return net


def resnet_step(torch):
    net = resnet20(torch)
    optimiser = torch.optim.SGD(net.parameters(), lr=1e-3, momentum=0.9, weight_decay=5e-4)
    images = (2 * torch.rand(BATCH, 3, 32, 32) - 1).contiguous(memory_format=torch.channels_last).pin_memory()
    labels = (torch.arange(BATCH) % CLASSES).pin_memory()

    def step():
        optimiser.zero_grad(set_to_none=True)
        logits = net(images.to("cuda", non_blocking=True))
        loss = torch.nn.functional.cross_entropy(logits, labels.to("cuda", non_blocking=True))
        loss.backward()
        optimiser.step()
        return loss.item()

    return step


def make_head(torch):
    """The head as its authors' code has it: every row's time, condition and place are embedded in every call."""
    nn, F = torch.nn, torch.nn.functional

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.norm = nn.LayerNorm(WIDTH, eps=1e-6)
            self.lin1, self.lin2 = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
            self.ada = nn.Linear(WIDTH, 3 * WIDTH)

        def forward(self, h, s):
            shift, scale, gate = self.ada(s).chunk(3, dim=1)
            u = self.norm(h) * (1 + scale) + shift
            return h + gate * self.lin2(F.silu(self.lin1(u)))

    class Head(nn.Module):
        def __init__(self):
            super().__init__()
            half = FREQUENCIES // 2
            waves = torch.exp(-math.log(10_000) * torch.arange(half, dtype=torch.float32) / half)
            self.register_buffer("frequencies", waves)
            self.time1, self.time2 = nn.Linear(FREQUENCIES, WIDTH), nn.Linear(WIDTH, WIDTH)
            self.condition = nn.Linear(CONDITION, WIDTH)
            self.position = nn.Embedding(TOKENS, WIDTH)
            self.input = nn.Linear(TOKEN, WIDTH)
            self.blocks = nn.ModuleList(Block() for _ in range(DEPTH))
            self.norm = nn.LayerNorm(WIDTH, eps=1e-6, elementwise_affine=False)
            self.ada, self.out = nn.Linear(WIDTH, 2 * WIDTH), nn.Linear(WIDTH, 2 * TOKEN)

        def forward(self, x, time, z, place):
            angle = time * self.frequencies
            t = self.time2(F.silu(self.time1(torch.cat((torch.cos(angle), torch.sin(angle)), dim=1))))
            s = F.silu(t + self.condition(z) + self.position(place))
            h = self.input(x)
            for block in self.blocks:
                h = block(h, s)
            shift, scale = self.ada(s).chunk(2, dim=1)
            return self.out(self.norm(h) * (1 + scale) + shift)

    return Head().cuda()


class Schedule:
    """Noise levels of the cosine schedule, of all steps or of some."""

    def __init__(self, steps, alpha_bar):
        self.steps, self.alpha_bar = steps, alpha_bar
        before = [1.0] + alpha_bar[:-1]
        self.beta = [1 - a / b for a, b in zip(alpha_bar, before)]
        self.before = before

    @staticmethod
    def cosine(n):
        def level(u):
            return math.cos((u + 0.008) / 1.008 * math.pi / 2) ** 2

        alpha_bar, product = [], 1.0
        for i in range(n):
            product *= 1 - min(1 - level((i + 1) / n) / level(i / n), 0.999)
            alpha_bar.append(product)
        return Schedule(list(range(n)), alpha_bar)

    def respaced(self, n):
        kept = sorted({round(i * (len(self.steps) - 1) / (n - 1)) for i in range(n)})
        return Schedule(kept, [self.alpha_bar[k] for k in kept])

    def of_clean(self, i):
        return self.beta[i] * math.sqrt(self.before[i]) / (1 - self.alpha_bar[i])

    def of_noisy(self, i):
        return (1 - self.before[i]) * math.sqrt(1 - self.beta[i]) / (1 - self.alpha_bar[i])

    def log_variance(self, i):
        i = max(i, 1)
        return math.log(self.beta[i] * (1 - self.before[i]) / (1 - self.alpha_bar[i]))


def head_step(torch):
    schedule, head = Schedule.cosine(STEPS), make_head(torch)
    optimiser = torch.optim.AdamW(head.parameters(), lr=1e-4, weight_decay=0)
    t = torch.randint(1, STEPS, (ROWS,)).tolist()

    def table(value):
        return torch.tensor([[value(i)] for i in t], dtype=torch.float32, device="cuda")

    signal = table(lambda i: math.sqrt(schedule.alpha_bar[i]))
    noise = table(lambda i: math.sqrt(1 - schedule.alpha_bar[i]))
    posterior = table(schedule.log_variance)
    half = table(lambda i: (math.log(schedule.beta[i]) - schedule.log_variance(i)) / 2)
    middle = table(lambda i: (math.log(schedule.beta[i]) + schedule.log_variance(i)) / 2)
    shift = table(lambda i: schedule.of_clean(i) * math.sqrt(1 / schedule.alpha_bar[i] - 1))
    time = table(float)
    keep = (torch.rand(ROWS, 1, device="cuda") >= 0.2).float()
    row = torch.arange(ROWS, device="cuda")
    place, image = row % TOKENS, row // TOKENS % HEAD_IMAGES
    z = (2 * torch.rand(HEAD_IMAGES, CONDITION, device="cuda") - 1).requires_grad_()
    clean, eps = (2 * torch.rand(ROWS, TOKEN, device="cuda") - 1 for _ in range(2))

    def step():
        optimiser.zero_grad(set_to_none=True)
        z.grad = None
        said = head(clean * signal + eps * noise, time, z[image] * keep, place)
        mean, variance = said.chunk(2, dim=1)
        error = mean - eps
        log_variance = variance * half + middle
        distance = (error.detach() * shift).square()
        ahead = log_variance - posterior
        divergence = 0.5 * (ahead + torch.exp(-ahead) + distance * torch.exp(-log_variance) - 1)
        loss = error.square().mean() + divergence.mean() / math.log(2)
        loss.backward()
        optimiser.step()
        return loss.item()

    return step


def sampling(torch):
    walk, head = Schedule.cosine(STEPS).respaced(SAMPLING_STEPS), make_head(torch)
    norm = torch.nn.LayerNorm(CONDITION, eps=1e-5).cuda()
    feature = 2 * torch.rand(SAMPLED_IMAGES, CONDITION, device="cuda") - 1

    @torch.inference_mode()
    def generate():
        z = norm(feature).repeat_interleave(TOKENS, dim=0)
        both = torch.cat((z, torch.zeros_like(z)))
        place = torch.arange(TOKENS, device="cuda").repeat(2 * SAMPLED_IMAGES)
        x = torch.randn(SAMPLED, TOKEN, device="cuda")
        for i in reversed(range(len(walk.steps))):
            time = torch.full((2 * SAMPLED, 1), float(walk.steps[i]), device="cuda")
            said, unled = head(torch.cat((x, x)), time, both, place).chunk(2)
            eps = unled[:, :TOKEN] + GUIDANCE * (said[:, :TOKEN] - unled[:, :TOKEN])
            a, low, high = walk.alpha_bar[i], walk.log_variance(i), math.log(walk.beta[i])
            clean = x / math.sqrt(a) - math.sqrt(1 / a - 1) * eps
            x = walk.of_clean(i) * clean + walk.of_noisy(i) * x
            if i > 0:
                log_variance = said[:, TOKEN:] * ((high - low) / 2) + (high + low) / 2
                x = x + torch.exp(0.5 * log_variance) * torch.randn_like(x)
        return x.cpu()

    return generate


# Name, how to make it, its amount in a unit, the unit.
WORKS = [
    (SGEMM, sgemm, 2 * PRODUCT**3 / 1e9, "GFLOP/s"),
    (RESNET, resnet_step, BATCH, "images/s"),
    (HEAD, head_step, ROWS, "rows/s"),
    (SAMPLING, sampling, SAMPLED, "tokens/s"),
]


# ---- measuring


def seconds(torch, run, rounds):
    def timed(times):
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        for _ in range(times):
            run()
        end.record()
        end.synchronize()
        return start.elapsed_time(end) / 1000 / times

    for _ in range(10):  # algorithms are chosen, memory is fetched
        run()
    torch.cuda.synchronize()
    times = max(1, math.ceil(0.1 / timed(3)))
    return statistics.median(timed(times) for _ in range(rounds))


def measure(args):
    import torch

    if not torch.cuda.is_available():
        sys.exit("torch_peer: this PyTorch sees no card")
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = not args.float32
    torch.backends.cudnn.benchmark = True
    torch.manual_seed(1)
    rows = []
    for name, make, amount, unit in WORKS:
        speed = amount / seconds(torch, make(torch), args.rounds)
        rows.append({"name": name, "speed": speed, "unit": unit})
        print(f"{name:58}{speed:14.1f} {unit}", flush=True)
        torch.cuda.empty_cache()
    report = {
        "torch": torch.__version__,
        "cuda": torch.version.cuda,
        "card": torch.cuda.get_device_name(0),
        "products": "float32" if args.float32 else "tf32",
        "rows": rows,
    }
    if args.json:
        with open(args.json, "w") as f:
            json.dump(report, f, indent=2)


def table(ours_file, theirs_file):
    with open(ours_file) as f:
        ours = json.load(f)
    with open(theirs_file) as f:
        theirs = json.load(f)
    speeds = {r["name"]: r["ours"] for r in ours["rows"]}
    print(f"{ours['code']} on {ours['device']}, PyTorch {theirs['torch']} on {theirs['card']}, {theirs['products']}\n")
    print("| work | Retort | PyTorch | unit | ratio | target |")
    print("|---|--:|--:|---|--:|--:|")
    for r in theirs["rows"]:
        name, speed = r["name"], speeds.get(r["name"])
        if speed is None:
            print(f"| {name} | not measured | {r['speed']:.1f} | {r['unit']} | | {TARGETS[name]} |")
        else:
            ratio = speed / r["speed"]
            print(f"| {name} | {speed:.1f} | {r['speed']:.1f} | {r['unit']} | {ratio:.2f} | {TARGETS[name]} |")


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--json", metavar="FILE", help="write the figures to a file")
    ask.add_argument("--rounds", type=int, default=20, help="a figure is the median of so many; 20 unless given")
    ask.add_argument("--float32", action="store_true", help="products in full float32")
    ask.add_argument("--only", action="store_true", help="print the works' names for retort bench --only")
    ask.add_argument("--table", nargs=2, metavar=("RETORT.json", "TORCH.json"), help="join two files into a table")
    args = ask.parse_args()
    if args.only:
        print("|".join(f"^{re.escape(name)}$".replace("\\ ", " ") for name, *_ in WORKS))
    elif args.table:
        table(*args.table)
    else:
        measure(args)


if __name__ == "__main__":
    main()
