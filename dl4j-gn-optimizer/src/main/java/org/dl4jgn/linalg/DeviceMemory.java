package org.dl4jgn.linalg;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.environment.Nd4jEnvironment;
import org.nd4j.linalg.factory.Nd4j;

/** How much memory arrays may take: the one place that asks ND4J's backend, whose device need not be the JVM's host. */
public final class DeviceMemory {

    private DeviceMemory() {}

    /**
     * Bytes that arrays may take on the device of this thread, those that exist included: of a device with memory of its own
     * all that it has, else what JavaCPP may allocate outside of the heap. It depends on the machine and the JVM's options
     * alone and not on what is free now, so that a run that is repeated is given the same.
     */
    public static long bytes() {
        if (Nd4j.getEnvironment().isCPU()) {
            return hostBytes();
        }
        Properties environment = Nd4j.getExecutioner().getEnvironmentInformation();
        return deviceBytes(environment, Nd4j.getAffinityManager().getDeviceForCurrentThread());
    }

    private static long hostBytes() {
        return Pointer.maxBytes() > 0 ? Pointer.maxBytes() : Pointer.totalPhysicalBytes();
    }

    /** What a backend says of a device; the host's memory if it says nothing. */
    static long deviceBytes(Properties environment, int device) {
        if (environment.get(Nd4jEnvironment.CUDA_DEVICE_INFORMATION_KEY) instanceof List<?> devices
                && device < devices.size()
                && devices.get(device) instanceof Map<?, ?> properties
                && properties.get(Nd4jEnvironment.CUDA_TOTAL_MEMORY_KEY) instanceof Number total) {
            return total.longValue();
        }
        return hostBytes();
    }
}
