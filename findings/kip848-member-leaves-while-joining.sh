#!/usr/bin/env bash
# Expected: a member of a consumer group that closes its consumer tells the coordinator, and the others take its partitions at their next
#   heartbeat, whether it had been given its share already or not. That is so with a member that has its share: about a second.
# Happens: with the protocol of KIP-848, on librdkafka's own mock cluster, a member that closes while its share is still being handed over (two to three
#   seconds after it joined; the first member is giving partitions back) leaves them with nobody for about half a minute, in three of twelve
#   tries. close() returns at once and without an error.
# Why it matters here: a node that is stopped soon after its start (a deployment that rolls on, a test) holds up part of the events of its
#   group. Tests wait until a second node has taken an event before they stop it.
# Seen with: Confluent.Kafka 2.16.0, librdkafka.redist 2.16.0, .NET 10. Not known of a real broker.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
cat >finding.csproj <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Confluent.Kafka" Version="[2.16.0]" />
    <PackageReference Include="librdkafka.redist" Version="[2.16.0]" />
  </ItemGroup>
</Project>
PROJECT
cat >Program.cs <<'PROGRAM'
using System.Diagnostics;
using System.Runtime.InteropServices;
using Confluent.Kafka;

Library.Load(null);
var file = File.ReadLines("/proc/self/maps").First(line => line.Contains("librdkafka"));
var library = NativeLibrary.Load(file[file.IndexOf('/')..]);
NativeLibrary.SetDllImportResolver(typeof(Mock).Assembly, (name, _, _) => name == "rdkafka" ? library : 0);
var cluster = Mock.rd_kafka_mock_cluster_new(Mock.rd_kafka_new(0, 0, new byte[512], 512), 1);
var servers = Marshal.PtrToStringUTF8(Mock.rd_kafka_mock_cluster_bootstraps(cluster))!;

var late = await Round("settled", TimeSpan.FromSeconds(5));
var early = new List<double>();
for (var round = 0; round < 12; round++)
    early.Add(await Round($"joining{round}", TimeSpan.FromMilliseconds(900 + (250 * round))));
Console.WriteLine($"librdkafka {Library.VersionString}");
Console.WriteLine($"left with its share: the first member reads all after {late:0.0} s");
Console.WriteLine($"left while joining: after {string.Join(", ", early.Select(seconds => $"{seconds:0.0}"))} s");
return late < 5 && early.Max() > 20 ? 0 : 1;

async Task<double> Round(string topic, TimeSpan stay)
{
    Mock.rd_kafka_mock_topic_create(cluster, topic, 4, 1);
    using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = servers }).Build();
    var seen = new HashSet<string>();
    using var stopFirst = new CancellationTokenSource();
    using var stopSecond = new CancellationTokenSource();
    var first = Read(topic, seen, stopFirst.Token);
    await Send("before");
    await All("before");
    var second = Read(topic, seen, stopSecond.Token);
    await Task.Delay(stay);
    await stopSecond.CancelAsync();
    await second;
    await Send("after");
    var took = await All("after");
    await stopFirst.CancelAsync();
    await first;
    return took;

    async Task Send(string text)
    {
        for (var partition = 0; partition < 4; partition++)
            await producer.ProduceAsync(new TopicPartition(topic, partition), new Message<Null, string> { Value = text + partition });
    }

    async Task<double> All(string text)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed.TotalSeconds < 60)
        {
            lock (seen)
                if (Enumerable.Range(0, 4).All(partition => seen.Contains(text + partition)))
                    return watch.Elapsed.TotalSeconds;
            await Task.Delay(20);
        }

        return 60;
    }
}

Task Read(string topic, HashSet<string> seen, CancellationToken stop) =>
    Task.Run(() =>
    {
        using var consumer = new ConsumerBuilder<Ignore, string>(
            new ConsumerConfig
            {
                BootstrapServers = servers,
                GroupId = "group-" + topic,
                GroupProtocol = GroupProtocol.Consumer,
                AutoOffsetReset = AutoOffsetReset.Earliest,
            }
        ).Build();
        consumer.Subscribe(topic);
        while (!stop.IsCancellationRequested)
            if (consumer.Consume(100) is { } record)
                lock (seen)
                    seen.Add(record.Message.Value);
        consumer.Close();
    });

internal static class Mock
{
    [DllImport("rdkafka")]
    public static extern nint rd_kafka_new(int type, nint settings, byte[] error, nuint length);

    [DllImport("rdkafka")]
    public static extern nint rd_kafka_mock_cluster_new(nint client, int brokers);

    [DllImport("rdkafka")]
    public static extern nint rd_kafka_mock_cluster_bootstraps(nint cluster);

    [DllImport("rdkafka")]
    public static extern int rd_kafka_mock_topic_create(nint cluster, string topic, int partitions, int replicas);
}
PROGRAM
dotnet run --configuration Release 2>/dev/null
