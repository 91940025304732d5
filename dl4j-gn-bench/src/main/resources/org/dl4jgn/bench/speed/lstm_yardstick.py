"""Steps of SGN on an LSTM in PyTorch, one whenever a line is read: what the report of "sequence-speed" compares with.

The network is that of org.dl4jgn.bench.speed.SequenceCase: an LSTM(64) of 16 channels, 50 steps, with an output at each, softmax cross-entropy, the
sum over all steps divided by the number of sequences; float32, one thread. A step is what SGN(k) does: loss and gradient, k
iterations of conjugate gradients with products (1/b) JᵀQJv + ρv, and the loss at the trial point.

PyTorch has several ways to a product, and two to an LSTM. All are tried, and the fastest is taken:

  cells      torch.lstm, the kernels of torch.nn.LSTM; and a cell written out, with one matrix product for the inputs of all steps
  products   functorch's jvp and vjp; forward mode with the graph of one reverse pass kept; reverse mode twice

Times are processor times, which other work on the machine does not lengthen as it does the wall clock's.

It prints what it chose, and then, for each line of the standard input, the milliseconds of a step. With --check it compares products and
gradients with dense matrices, in float64, and ends.
"""
import sys
import time
import warnings

import functorch
import torch
import torch.autograd.forward_ad as forward_mode

GATES = 4
DAMPING = 1e-3
ITERATIONS = 3


class Lstm:
    """z(θ), [T·b, c], of θ in one vector: input weights, recurrent weights, bias, output weights and their bias."""

    def __init__(self, inputs, units, outputs, steps, batch, cell):
        generator = torch.Generator().manual_seed(1)
        n = GATES * units
        self.shapes = [(n, inputs), (n, units), (n,), (outputs, units), (outputs,)]
        self.lengths = [torch.Size(shape).numel() for shape in self.shapes]
        self.units, self.batch, self.cell = units, batch, getattr(self, cell)
        self.theta = 0.2 * torch.randn(sum(self.lengths), generator=generator)
        self.x = torch.randn(steps, batch, inputs, generator=generator)
        classes = torch.randint(0, outputs, (steps * batch,), generator=generator)
        self.labels = torch.nn.functional.one_hot(classes, outputs).to(self.x.dtype)
        self.start = torch.zeros(batch, units)
        self.no_bias = torch.zeros(n)

    def __call__(self, theta):
        w, r, bias, v, bias_out = [p.view(s) for p, s in zip(theta.split(self.lengths), self.shapes)]
        return torch.nn.functional.linear(self.cell(w, r, bias), v, bias_out)

    def kernel(self, w, r, bias):
        start = self.start.unsqueeze(0)
        h, _, _ = torch.lstm(self.x, (start, start), (w, r, bias, self.no_bias), True, 1, 0.0, True, False, False)
        return h.flatten(0, 1)

    def written(self, w, r, bias):
        h = c = self.start
        all_h = []
        for q in torch.nn.functional.linear(self.x, w, bias).unbind(0):
            a = torch.addmm(q, h, r.t())
            into, forget, candidate, out = a.chunk(GATES, 1)
            c = forget.sigmoid() * c + into.sigmoid() * candidate.tanh()
            h = out.sigmoid() * c.tanh()
            all_h.append(h)
        return torch.cat(all_h)

    def loss(self, z):
        return -(self.labels * torch.log_softmax(z, 1)).sum() / self.batch


class Linearized:
    """Loss and gradient at a point, and products with H there."""

    def __init__(self, net, way):
        self.net, self.way = net, getattr(self, way)
        self.theta = net.theta.detach()
        if way == "functorch":
            z, self.vjp = functorch.vjp(net, self.theta)
        else:
            theta = self.theta.clone().requires_grad_()
            z = net(theta)
            self.vjp = lambda u: torch.autograd.grad(z, theta, u, retain_graph=True)
        self.p = torch.softmax(z.detach(), 1)
        self.value = net.loss(z.detach())
        (self.gradient,) = self.vjp((self.p - net.labels) / net.batch)
        if way == "twice":
            self.u = torch.zeros_like(z, requires_grad=True)
            (self.transposed,) = torch.autograd.grad(z, theta, self.u, create_graph=True)

    def product(self, v):
        tangent = self.way(v)
        weighted = self.p * tangent
        (result,) = self.vjp((weighted - self.p * weighted.sum(1, keepdim=True)) / self.net.batch)
        return result

    def functorch(self, v):
        return functorch.jvp(self.net, (self.theta,), (v,))[1]

    def forward(self, v):
        with torch.no_grad(), forward_mode.dual_level():
            return forward_mode.unpack_dual(self.net(forward_mode.make_dual(self.theta, v))).tangent

    def twice(self, v):
        return torch.autograd.grad(self.transposed, self.u, v, retain_graph=True)[0]


def step(net, way):
    at = Linearized(net, way)
    residual = -at.gradient
    direction, conjugate, square = torch.zeros_like(residual), residual, residual.dot(residual)
    for _ in range(ITERATIONS):
        product = at.product(conjugate).add_(conjugate, alpha=DAMPING)
        length = square / conjugate.dot(product)
        direction += length * conjugate
        residual = residual - length * product
        last, square = square, residual.dot(residual)
        conjugate = residual + (square / last) * conjugate
    with torch.no_grad():
        trial = net.theta + direction
        if net.loss(net(trial)) <= at.value + 1e-4 * at.gradient.dot(direction):
            net.theta = trial


def milliseconds(net, way):
    start = time.process_time()
    step(net, way)
    return 1e3 * (time.process_time() - start)


CELLS = ("kernel", "written")
WAYS = ("functorch", "forward", "twice")


def fastest(rounds=4):
    """The cell and way with the shortest step of a few, all of them in turn."""
    least = {(cell, way): [] for cell in CELLS for way in WAYS}
    for _ in range(rounds):
        for (cell, way), times in list(least.items()):
            try:
                times.append(milliseconds(Lstm(16, 64, 16, 50, 32, cell), way))
            except RuntimeError:  # this version of PyTorch does not have it
                del least[cell, way]
    return min(least, key=lambda choice: min(least[choice]))


def check():
    torch.set_default_dtype(torch.float64)
    nets = [Lstm(3, 4, 3, 5, 6, cell) for cell in CELLS]
    differences = [(nets[0](nets[0].theta) - nets[1](nets[1].theta)).abs().max()]
    for net in nets:
        jacobian = torch.autograd.functional.jacobian(net, net.theta).flatten(0, 1)
        curvature = torch.autograd.functional.hessian(net.loss, net(net.theta))
        rows = jacobian.size(0)
        v = torch.randn_like(net.theta)
        product = jacobian.t() @ (curvature.view(rows, rows) @ (jacobian @ v))
        gradient = torch.autograd.functional.jacobian(lambda theta: net.loss(net(theta)), net.theta)
        for way in WAYS:
            at = Linearized(net, way)
            for ours, dense in ((at.product(v), product), (at.gradient, gradient)):
                differences.append((ours - dense).norm() / dense.norm())
    worst = torch.stack(differences).max()
    print("largest difference %.1e" % worst)
    return 0 if worst < 1e-10 else 1


def main():
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    if sys.argv[1:] == ["--check"]:
        return check()
    cell, way = fastest()
    net = Lstm(16, 64, 16, 50, 32, cell)
    print("PyTorch %s, cell %s, products %s" % (torch.__version__, cell, way), flush=True)
    for _ in sys.stdin:
        print("%.4f" % milliseconds(net, way), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
