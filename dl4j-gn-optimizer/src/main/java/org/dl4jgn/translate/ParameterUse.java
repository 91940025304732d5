package org.dl4jgn.translate;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * How the parameters of one layer enter the network: what the layer's columns of the Jacobian are made of.
 *
 * <p>They are a function of the cotangent of {@link #output}, linear in it, and of values of the forward pass. Each kind
 * of use has its own record here and its own class that forms Jacobians and Gram matrices of it.
 */
public sealed interface ParameterUse permits AffineUse, ConvolutionUse, PeepholeUse {

    /** The variable through which alone the parameters act, [b, ...] or [b·positions, ...]. */
    SDVariable output();

    /** The values of the forward pass that the layer's columns depend on. */
    List<SDVariable> inputs();

    /** Number of elements of {@link #output} for one example. */
    long outputLength();

    /** Multiplications that the output takes for one example. */
    long work();

    /** Multiplications that the layer's share of one element of a Gram matrix takes. */
    long gramWork();

    /** The first of the layer's columns. */
    long offset();

    /** Number of the layer's columns. */
    long length();
}
