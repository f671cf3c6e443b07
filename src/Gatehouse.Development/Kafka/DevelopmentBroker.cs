using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;
using Gatehouse.Messaging;

namespace Gatehouse.Development.Kafka;

/// <summary>
/// A broker that speaks Kafka's protocol and lives in this process: librdkafka's mock cluster. For trying out and for tests only: it holds
/// everything in memory, at most 5 MB a partition, asks for no password, and answers no administration.
/// </summary>
internal sealed unsafe class DevelopmentBroker : IDisposable
{
    private const int Producer = 0;
    private const int Broker = 1;

    private readonly Functions functions = Functions.Load();
    private Socket? place;
    private nint client;
    private nint cluster;

    /// <param name="withTopics">Whether the topics of all events are there from the beginning; otherwise at their first use.</param>
    public DevelopmentBroker(bool withTopics = true)
    {
        var said = new byte[512];
        fixed (byte* error = said)
            client = functions.NewClient(Producer, functions.QuietSettings(), error, (nuint)said.Length);
        if (client == 0)
            throw new InvalidOperationException(Encoding.UTF8.GetString(said).TrimEnd('\0'));
        cluster = functions.NewCluster(client, 1);
        Servers = Marshal.PtrToStringUTF8(functions.Servers(cluster))!;
        foreach (var topic in withTopics ? EventCatalog.Topics : [])
            CreateTopic(topic, partitions: 4);
    }

    /// <summary><c>127.0.0.1:port</c>; the port is one that is free.</summary>
    public string Servers { get; }

    /// <summary>Goes away: connections break, new ones are refused.</summary>
    public void GoDown()
    {
        Check(functions.SetDown(cluster, Broker));
        // The cluster comes back on the same port and ends the process if another connection has been given it meanwhile. A socket that is
        // bound and does not listen keeps it.
        place = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        place.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        place.Bind(IPEndPoint.Parse(Servers));
    }

    /// <summary>Comes back with all that it held.</summary>
    public void ComeUp()
    {
        Check(functions.SetUp(cluster, Broker));
        place?.Dispose();
        place = null;
    }

    /// <summary>Answers each request that much later.</summary>
    public void SlowDown(TimeSpan each) => Check(functions.SetDelay(cluster, Broker, (int)each.TotalMilliseconds));

    /// <summary>Takes a member of a consumer group for gone that long after its last sign of life, instead of after most of a minute. For
    /// groups that begin afterwards, of the protocol of KIP-848.</summary>
    public void ForgetMembersAfter(TimeSpan silence)
    {
        functions.SetSessionTimeout(cluster, (int)silence.TotalMilliseconds);
        functions.SetHeartbeatInterval(cluster, (int)silence.TotalMilliseconds / 6);
    }

    private void CreateTopic(string name, int partitions) => Check(functions.CreateTopic(cluster, name, partitions));

    public void Dispose()
    {
        place?.Dispose();
        if (cluster != 0)
            functions.DestroyCluster(cluster);
        if (client != 0)
            functions.DestroyClient(client);
        (cluster, client) = (0, 0);
    }

    private static void Check(int error)
    {
        if (error != 0)
            throw new KafkaException((ErrorCode)error);
    }

    /// <summary>Of the library that the client brought along: a second copy would be another world.</summary>
    private sealed class Functions
    {
        private readonly delegate* unmanaged<nint> newSettings;
        private readonly delegate* unmanaged<nint, byte*, byte*, byte*, nuint, int> set;
        private readonly delegate* unmanaged<int, nint, byte*, nuint, nint> newClient;
        private readonly delegate* unmanaged<nint, int, nint> newCluster;
        private readonly delegate* unmanaged<nint, nint> servers;
        private readonly delegate* unmanaged<nint, int, int> setDown;
        private readonly delegate* unmanaged<nint, int, int> setUp;
        private readonly delegate* unmanaged<nint, int, int, int> setDelay;
        private readonly delegate* unmanaged<nint, int, void> setSessionTimeout;
        private readonly delegate* unmanaged<nint, int, void> setHeartbeatInterval;
        private readonly delegate* unmanaged<nint, byte*, int, int, int> createTopic;
        private readonly delegate* unmanaged<nint, void> destroyCluster;
        private readonly delegate* unmanaged<nint, void> destroyClient;

        private Functions(nint library)
        {
            newSettings = (delegate* unmanaged<nint>)Find("rd_kafka_conf_new");
            set = (delegate* unmanaged<nint, byte*, byte*, byte*, nuint, int>)Find("rd_kafka_conf_set");
            newClient = (delegate* unmanaged<int, nint, byte*, nuint, nint>)Find("rd_kafka_new");
            newCluster = (delegate* unmanaged<nint, int, nint>)Find("rd_kafka_mock_cluster_new");
            servers = (delegate* unmanaged<nint, nint>)Find("rd_kafka_mock_cluster_bootstraps");
            setDown = (delegate* unmanaged<nint, int, int>)Find("rd_kafka_mock_broker_set_down");
            setUp = (delegate* unmanaged<nint, int, int>)Find("rd_kafka_mock_broker_set_up");
            setDelay = (delegate* unmanaged<nint, int, int, int>)Find("rd_kafka_mock_broker_set_rtt");
            setSessionTimeout = (delegate* unmanaged<nint, int, void>)Find("rd_kafka_mock_set_group_consumer_session_timeout_ms");
            setHeartbeatInterval = (delegate* unmanaged<nint, int, void>)Find("rd_kafka_mock_set_group_consumer_heartbeat_interval_ms");
            createTopic = (delegate* unmanaged<nint, byte*, int, int, int>)Find("rd_kafka_mock_topic_create");
            destroyCluster = (delegate* unmanaged<nint, void>)Find("rd_kafka_mock_cluster_destroy");
            destroyClient = (delegate* unmanaged<nint, void>)Find("rd_kafka_destroy");

            nint Find(string name) => NativeLibrary.GetExport(library, name);
        }

        public static Functions Load()
        {
            Library.Load(null);
            var loaded = File.ReadLines("/proc/self/maps").First(line => line.Contains("librdkafka", StringComparison.Ordinal));
            return new Functions(NativeLibrary.Load(loaded[loaded.IndexOf('/', StringComparison.Ordinal)..]));
        }

        /// <summary>The client is there for its cluster only; that it has no servers would be its first line on the terminal.</summary>
        public nint QuietSettings()
        {
            var settings = newSettings();
            fixed (
                byte* name = "log_level\0"u8,
                    value = "0\0"u8
            )
                set(settings, name, value, null, 0);
            return settings;
        }

        public nint NewClient(int type, nint settings, byte* error, nuint length) => newClient(type, settings, error, length);

        public nint NewCluster(nint client, int brokers) => newCluster(client, brokers);

        public nint Servers(nint cluster) => servers(cluster);

        public int SetDown(nint cluster, int broker) => setDown(cluster, broker);

        public int SetUp(nint cluster, int broker) => setUp(cluster, broker);

        public int SetDelay(nint cluster, int broker, int milliseconds) => setDelay(cluster, broker, milliseconds);

        public void SetSessionTimeout(nint cluster, int milliseconds) => setSessionTimeout(cluster, milliseconds);

        public void SetHeartbeatInterval(nint cluster, int milliseconds) => setHeartbeatInterval(cluster, milliseconds);

        public int CreateTopic(nint cluster, string name, int partitions)
        {
            fixed (byte* text = Encoding.UTF8.GetBytes(name + "\0"))
                return createTopic(cluster, text, partitions, 1);
        }

        public void DestroyCluster(nint cluster) => destroyCluster(cluster);

        public void DestroyClient(nint client) => destroyClient(client);
    }
}
