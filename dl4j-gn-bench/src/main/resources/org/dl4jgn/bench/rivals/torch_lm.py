"""Levenberg-Marquardt in PyTorch: J of all examples by vmap(jacrev), normal equations, Cholesky, Nielsen's damping.

Speaks by lines of JSON. Says that it is ready; reads a problem: features, labels, and of each layer weights, biases and
activation; then answers each empty line with a trial: the sum of squares, parameters if they have changed, and the processor
time since it was ready.
"""
import json
import os
import sys
import time

import torch
from functorch import jacrev, vmap

ACTIVATIONS = {"identity": lambda z: z, "relu": torch.relu, "sigmoid": torch.sigmoid, "tanh": torch.tanh}


class Search:
    def __init__(self, problem):
        self.x = torch.tensor(problem["features"])
        self.y = torch.tensor(problem["labels"])
        self.layers = []
        parts = []
        for layer in problem["layers"]:
            weights = torch.tensor(layer["weights"])
            self.layers.append((weights.shape, ACTIVATIONS[layer["activation"]]))
            parts += [weights.reshape(-1), torch.tensor(layer["biases"])]
        self.theta = torch.cat(parts)
        self.jacobian = vmap(jacrev(self.outputs), (None, 0))
        self.identity = torch.eye(len(self.theta))
        self.residuals = self.residuals_at(self.theta)
        self.loss = float(self.residuals @ self.residuals)
        self.damping = None
        self.growth = 2.0
        self.normal = None

    def outputs(self, theta, x):
        at = 0
        for (rows, columns), activation in self.layers:
            weights = theta[at:at + rows * columns].view(rows, columns)
            at += rows * columns
            x = activation(x @ weights + theta[at:at + columns])
            at += columns
        return x

    def residuals_at(self, theta):
        return (self.outputs(theta, self.x) - self.y).reshape(-1)

    def linearize(self):
        jacobian = self.jacobian(self.theta, self.x).reshape(-1, len(self.theta))
        self.normal = jacobian.T @ jacobian
        self.gradient = jacobian.T @ self.residuals
        if self.damping is None:
            self.damping = 1e-3 * float(self.normal.diagonal().max())

    def trial(self):
        """Whether it was accepted."""
        if self.normal is None:
            self.linearize()
        factor, failure = torch.linalg.cholesky_ex(self.normal + self.damping * self.identity)
        if int(failure) == 0:
            step = -torch.cholesky_solve(self.gradient[:, None], factor)[:, 0]
            predicted = float(step @ (self.damping * step - self.gradient))
            theta = self.theta + step
            residuals = self.residuals_at(theta)
            loss = float(residuals @ residuals)
            if predicted > 0 and loss < self.loss:
                ratio = (self.loss - loss) / predicted
                self.theta, self.residuals, self.loss, self.normal = theta, residuals, loss, None
                self.damping *= max(1 / 3, 1 - (2 * min(ratio, 1.0) - 1) ** 3)
                self.growth = 2.0
                return True
        self.damping *= self.growth
        self.growth *= 2
        return False


def say(**what):
    print(json.dumps(what), flush=True)


def main():
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "0")) or os.cpu_count())
    # what is loaded at the first use is no part of a training
    layer = {"weights": [[0.1]], "biases": [0.0], "activation": "tanh"}
    Search({"features": [[0.1], [0.2]], "labels": [[1.0], [2.0]], "layers": [layer]}).trial()
    ready = time.process_time()
    say(ready=True)
    search = Search(json.loads(sys.stdin.readline()))
    say(loss=search.loss)
    for _ in sys.stdin:
        accepted = search.trial()
        say(
            loss=search.loss,
            parameters=search.theta.tolist() if accepted else None,
            ended=search.damping == float("inf"),
            seconds=time.process_time() - ready,
        )


main()
