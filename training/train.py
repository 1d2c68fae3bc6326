"""Trains the built-in network by distillation from MobileNetV2; goes on from its last checkpoint when there is one."""

import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import pictures as stored
import quality
from muon import Muon
from student import EMBEDDING, Student
from target import Target
from views import mix, part, recolour, shares, show

TEMPERATURE = 2.0
"""Both networks' logits are divided by it where tags are compared."""
PHASES = [(0.6, 80), (0.85, 112), (1.0, 128)]
"""Until which share of the training the student sees which sides, in pixels."""


class Lessons:
    """What the teacher saw in one view after another of all pictures."""

    def __init__(self, folder: Path):
        self.boxes, self.targets, self.logits = [], [], []
        for file in sorted(folder.glob("lesson-*.npz")):
            lesson = np.load(file)
            if not self.boxes:
                target = Target(lesson["features"], EMBEDDING)
            self.boxes.append(torch.from_numpy(lesson["boxes"]))
            self.targets.append(torch.from_numpy(target(lesson["features"])))
            self.logits.append(torch.from_numpy(lesson["logits"]))
        if not self.boxes:
            raise FileNotFoundError(f"{folder} holds no lesson-NN.npz")

    def __call__(self, chosen: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Chooses a lesson for each of these pictures: boxes N x 4, targets N x 256, logits N x 1001."""
        numbers = torch.randint(len(self.boxes), (len(chosen),)).tolist()
        kept = (self.boxes, self.targets, self.logits)
        return tuple(torch.stack([of[n][i] for n, i in zip(numbers, chosen.tolist(), strict=True)]).float() for of in kept)


def losses(embedding, logits, target, probabilities) -> tuple[torch.Tensor, torch.Tensor]:
    """1 - cosine to the target, and the divergence from the teacher's tags, scaled as their gradients are."""
    cosine = 1 - F.cosine_similarity(embedding.float(), target).mean()
    tags = F.kl_div(F.log_softmax(logits.float() / TEMPERATURE, 1), probabilities, reduction="batchmean")
    return cosine, tags * TEMPERATURE**2


def schedule(done: float, warm: float) -> float:
    """The learning rate's factor at a share of the training: up for `warm`, then a cosine down to 0."""
    return min(done / warm, 0.5 * (1 + math.cos(math.pi * max(0.0, done - warm) / (1 - warm))))


class Training:
    """Everything that a checkpoint holds."""

    def __init__(self, args: argparse.Namespace, device: str):
        self.student = Student().to(device, memory_format=torch.channels_last)
        named = dict(self.student.named_parameters())
        body = {name for name, p in named.items() if p.ndim == 4 and "gate" not in name and "stem" not in name}
        decayed = [p for name, p in named.items() if name not in body and p.ndim > 1]
        plain = [p for p in named.values() if p.ndim == 1]
        groups = [{"params": decayed, "weight_decay": 0.05}, {"params": plain, "weight_decay": 0.0}]
        self.optimizers = [
            Muon([named[name] for name in sorted(body)], args.muon_lr, decay=args.decay),
            torch.optim.AdamW(groups, args.adam_lr, (0.9, 0.98)),
        ]
        self.rates = [[group["lr"] for group in optimizer.param_groups] for optimizer in self.optimizers]
        self.step = 0

    def set_rate(self, factor: float) -> None:
        for optimizer, rates in zip(self.optimizers, self.rates, strict=True):
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * factor

    def save(self, file: Path) -> None:
        """Writes the file, whole or not at all."""
        unfinished = file.with_suffix(".new")
        optimizers = [optimizer.state_dict() for optimizer in self.optimizers]
        torch.save({"step": self.step, "student": self.student.state_dict(), "optimizers": optimizers}, unfinished)
        unfinished.replace(file)

    def load(self, file: Path, device: str) -> None:
        kept = torch.load(file, map_location=device)
        self.student.load_state_dict(kept["student"])
        for optimizer, state in zip(self.optimizers, kept["optimizers"], strict=True):
            optimizer.load_state_dict(state)
        self.step = kept["step"]


@torch.no_grad()
def answers(student: Student, squares: np.ndarray, side: int, device: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Shows the student whole pictures, uint8 N x height x width x RGB: embeddings N x 256, logits N x 1001."""
    student.eval()
    found = []
    for at in range(0, len(squares), 128):
        images = torch.from_numpy(squares[at : at + 128]).permute(0, 3, 1, 2).float()
        if images.shape[2] != side:
            images = F.interpolate(images, (side, side), mode="bicubic", antialias=True).clamp(0, 255)
        images = (images / 127.5 - 1).to(device, memory_format=torch.channels_last)
        with torch.autocast(device, torch.bfloat16):
            found.append(student(images))
    student.train()
    embeddings, logits = zip(*found, strict=True)
    return torch.cat(embeddings).float().cpu(), torch.cat(logits).float().cpu()


def train(args: argparse.Namespace) -> None:
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.set_num_threads(args.threads)
    args.to.mkdir(parents=True, exist_ok=True)
    pictures = np.load(args.pictures / "pictures.npy", mmap_mode="r")
    lessons = Lessons(args.pictures)
    kept_out = stored.held_out(len(pictures))
    seen = torch.from_numpy(np.setdiff1d(np.arange(len(pictures)), kept_out))
    evaluation = stored.labelled(args.evaluation, 128, json.loads(args.without.read_text())) if args.evaluation else None
    training = Training(args, device)
    checkpoint = args.to / "checkpoint.pt"
    if checkpoint.exists():
        training.load(checkpoint, device)
    torch.manual_seed(args.seed + training.step)
    network = torch.compile(training.student, dynamic=False)
    order, at, sums = torch.empty(0, dtype=torch.long), 0, torch.zeros(2)
    since, started, saved = training.step, time.time(), time.time()
    while training.step < args.steps:
        done = training.step / args.steps
        side = next(side for until, side in PHASES if done < until)
        if at + args.batch > len(order):
            order, at = seen[torch.randperm(len(seen))], 0
        chosen, at = order[at : at + args.batch], at + args.batch
        boxes, targets, logits = lessons(chosen)
        share = shares(args.batch, args.mixed)
        shown = torch.from_numpy(pictures[chosen.numpy()])
        images = mix(recolour(show(shown, part(boxes), side)), share) * 2 - 1
        probabilities = mix(F.softmax(logits / TEMPERATURE, 1), share).to(device)
        targets = F.normalize(mix(targets, share), dim=1).to(device)
        training.set_rate(schedule(done, args.warm))
        with torch.autocast(device, torch.bfloat16):
            embedding, found = network(images.to(device, memory_format=torch.channels_last))
        cosine, tags = losses(embedding, found, targets, probabilities)
        (cosine + args.tags * tags).backward()
        for optimizer in training.optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        sums += torch.stack([cosine.detach(), tags.detach()]).cpu()
        training.step += 1
        if training.step % args.report == 0 or training.step == args.steps:
            steps = training.step - since
            line = {"step": training.step, "side": side, "cosine_loss": sums[0].item() / steps, "tags_loss": sums[1].item() / steps}
            line["pictures_per_second"] = steps * args.batch / (time.time() - started)
            embeddings, logits = answers(training.student, pictures[kept_out], side, device)
            whole = torch.from_numpy(kept_out)
            line["cosine"] = F.cosine_similarity(embeddings, lessons.targets[0][whole].float()).mean().item()
            line["tags"] = quality.agreement(logits, lessons.logits[0][whole])
            if evaluation:
                embeddings, _ = answers(training.student, evaluation[0], side, device)
                line["retrieval"] = quality.retrieval(embeddings, torch.from_numpy(evaluation[1]))
            print(json.dumps(line), flush=True)
            with (args.to / "log.jsonl").open("a") as log:
                print(json.dumps(line), file=log)
            sums.zero_()
            since, started = training.step, time.time()
        if time.time() - saved > args.save_every or training.step == args.steps:
            training.save(checkpoint)
            saved = time.time()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pictures", type=Path, help="the folder that pictures.py and teach.py wrote")
    parser.add_argument("to", type=Path, help="the folder of the checkpoint and the log")
    parser.add_argument("--evaluation", type=Path, help="a folder of labelled folders of pictures, to measure retrieval")
    parser.add_argument("--without", type=Path, help="JSON list of its labels to leave out: those trained on")
    parser.add_argument("--steps", type=int, default=12000)
    parser.add_argument("--batch", type=int, default=192)
    parser.add_argument("--muon-lr", type=float, default=0.05)
    parser.add_argument("--adam-lr", type=float, default=3e-3)
    parser.add_argument("--decay", type=float, default=0.05, help="weight decay of the convolutions")
    parser.add_argument("--tags", type=float, default=0.5, help="weight of the tags' loss")
    parser.add_argument("--mixed", type=float, default=0.2, help="share of views that are two pictures mixed")
    parser.add_argument("--warm", type=float, default=0.03, help="share of the steps in which the rate rises")
    parser.add_argument("--report", type=int, default=500, help="steps between two measurements")
    parser.add_argument("--save-every", type=float, default=300, help="seconds between two checkpoints")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if bool(args.evaluation) != bool(args.without):
        parser.error("--evaluation and --without go together")
    train(args)


if __name__ == "__main__":
    main()
