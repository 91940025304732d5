package org.dl4jgn.translate;

import java.util.Collection;
import java.util.List;

/** The network, or some of its settings, are outside what Gauss-Newton training supports; the message names them. */
public final class UnsupportedNetworkException extends UnsupportedOperationException {

    private static final long serialVersionUID = 1L;

    private final List<String> reasons;

    /** One sentence that names the layer, loss or setting, and one that lists what is supported. */
    public UnsupportedNetworkException(String message) {
        this(message, List.of(message));
    }

    private UnsupportedNetworkException(String message, List<String> reasons) {
        super(message);
        this.reasons = reasons;
    }

    /** For several settings, a line for each; for one, its sentence. */
    static UnsupportedNetworkException of(Collection<String> reasons) {
        List<String> all = List.copyOf(reasons);
        return new UnsupportedNetworkException(
                all.size() == 1
                        ? all.get(0)
                        : all.size() + " settings of the network are not supported:\n- " + String.join("\n- ", all),
                all);
    }

    /** What is not supported, one by one. */
    public List<String> reasons() {
        return reasons;
    }
}
