package org.dl4jgn.network;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dl4jgn.autodiff.ForwardMode;
import org.dl4jgn.translate.AffineUse;
import org.dl4jgn.translate.ParameterSlot;
import org.dl4jgn.translate.ParameterUse;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Products with the tangent kernel JJᵀ in the graph of a network's products, in which every parameter acts through one {@link
 * ParameterUse}.
 *
 * <p>It is the tangent along Jᵀu. What that moves the output of a dense layer z = xW + b by, beside what moves x, is (xxᵀ + 1)δ with δ the
 * cotangent of z, which needs no vector of the parameters' length: where examples are fewer than the layer is wide it is the lesser work. The
 * other layers' parameters take the way through Jᵀu.
 */
public final class TangentKernelGraph {

    /** Products for which a kernel is formed, roughly. */
    private static final int PRODUCTS = 8;

    private TangentKernelGraph() {}

    /**
     * Extends the graph of a network's products.
     *
     * @return JJᵀu, one variable for each head, of the cotangents u in {@code products}
     */
    public static List<SDVariable> extend(DifferentiatedNetwork products) {
        SameDiff graph = products.network().graph();
        ForwardMode forward = new ForwardMode(graph);
        Set<ParameterSlot> done = new HashSet<>();
        List<ParameterUse> uses = products.network().uses();
        long b = products.network().batch().size();
        for (int i = 0; i < uses.size(); i++) {
            if (isByKernel(uses.get(i), b)) {
                AffineUse use = (AffineUse) uses.get(i);
                SDVariable kernel = graph.mmul(use.input(), use.input(), false, true, false);
                if (use.bias() != null) {
                    kernel = kernel.add(1.0);
                    done.add(use.bias());
                }
                done.add(use.weight());
                SDVariable delta = products.useCotangents().get(i);
                forward.add(use.output(), graph.mmul(kernel, delta));
            }
        }
        for (int i = 0; i < products.slots().size(); i++) {
            ParameterSlot slot = products.slots().get(i);
            if (!done.contains(slot)) {
                forward.seed(
                        graph.getVariable(slot.variable()), products.products().get(i));
            }
        }
        return products.network().heads().stream()
                .map(head -> forward.tangent(head.preOutput()).orElseThrow())
                .toList();
    }

    /** Whether the share of a layer's parameters in a product of b examples is one with the layer's kernel. */
    public static boolean isByKernel(ParameterUse use, long b) {
        return use instanceof AffineUse affine
                && kernelWork(affine, b) + kernelFormingWork(affine, b) / PRODUCTS < throughParameters(use, b);
    }

    /** Multiplications of a layer's share in a product of b examples, without the way to its output and on from there. */
    public static double shareWork(ParameterUse use, long b) {
        return isByKernel(use, b) ? kernelWork(use, b) : throughParameters(use, b);
    }

    /** Multiplications that form a layer's kernel; 0 for one that needs none. */
    public static double formingWork(ParameterUse use, long b) {
        return isByKernel(use, b) ? kernelFormingWork((AffineUse) use, b) : 0;
    }

    private static double kernelWork(ParameterUse use, long b) {
        return (double) b * b * use.outputLength();
    }

    private static double kernelFormingWork(AffineUse use, long b) {
        // symmetric: half of a product of two matrices
        return 0.5 * b * b * use.weight().shape()[0];
    }

    private static double throughParameters(ParameterUse use, long b) {
        return 2.0 * b * use.work();
    }
}
