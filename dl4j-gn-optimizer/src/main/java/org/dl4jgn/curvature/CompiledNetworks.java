package org.dl4jgn.curvature;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dl4jgn.gram.SystemCache;
import org.dl4jgn.network.ParameterSpace;
import org.dl4jgn.translate.BatchShape;
import org.dl4jgn.translate.Model;

/** A model compiled for each size of mini-batch that came lately: full batch and short last one, with and without masks. */
final class CompiledNetworks implements AutoCloseable {

    private static final int KEPT = 4;

    private final Model model;
    private final ParameterSpace space;
    private final SystemCache systems;
    private final Map<Key, Compilation> networks = new LinkedHashMap<>(8, 0.75f, true);

    private record Key(BatchShape shape, List<Boolean> masked) {}

    CompiledNetworks(Model model, ParameterSpace space, SystemCache systems) {
        this.systems = systems;
        this.model = model;
        this.space = space;
    }

    /**
     * The network for batches of this shape, compiled at the first one; the one that was not used for longest is closed.
     *
     * @param masked for each head whether its loss has a mask
     */
    Compilation of(BatchShape shape, List<Boolean> masked) {
        Key key = new Key(shape, masked);
        Compilation network = networks.get(key);
        if (network == null) {
            network = new Compilation(model, space, systems, shape, masked);
            networks.put(key, network);
            Iterator<Compilation> eldest = networks.values().iterator();
            while (networks.size() > KEPT) {
                eldest.next().close();
                eldest.remove();
            }
        }
        return network;
    }

    @Override
    public void close() {
        networks.values().forEach(Compilation::close);
        networks.clear();
    }
}
