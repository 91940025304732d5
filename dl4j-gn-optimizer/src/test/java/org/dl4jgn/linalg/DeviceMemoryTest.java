package org.dl4jgn.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.environment.Nd4jEnvironment;

/** How much memory there is, as the backend says it. */
class DeviceMemoryTest {

    @Test
    void onTheCpuItIsWhatJavaCppMayAllocate() {
        assertEquals(Pointer.maxBytes(), DeviceMemory.bytes());
        assertTrue(DeviceMemory.bytes() > 1 << 20);
    }

    @Test
    void ofADeviceItIsAllThatTheDeviceHas() {
        Properties environment = new Properties();
        environment.put(
                Nd4jEnvironment.CUDA_DEVICE_INFORMATION_KEY,
                List.of(
                        Map.of(Nd4jEnvironment.CUDA_TOTAL_MEMORY_KEY, 8L << 30),
                        Map.of(Nd4jEnvironment.CUDA_TOTAL_MEMORY_KEY, 16L << 30)));
        assertEquals(8L << 30, DeviceMemory.deviceBytes(environment, 0));
        assertEquals(16L << 30, DeviceMemory.deviceBytes(environment, 1));
    }

    @Test
    void aBackendThatSaysNothingHasTheHosts() {
        assertEquals(DeviceMemory.bytes(), DeviceMemory.deviceBytes(new Properties(), 0));
    }
}
