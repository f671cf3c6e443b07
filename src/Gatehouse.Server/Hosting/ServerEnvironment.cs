using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Gatehouse.Audit;
using Gatehouse.Core.Configuration;
using Gatehouse.Split;
using Gatehouse.Web;
using Gatehouse.Web.Rpc;

namespace Gatehouse.Server.Hosting;

/// <summary>What a server needs of this machine besides its databases: ports that are free, and a file of checkpoints that it may write.
/// Asked before any database is.</summary>
internal static class ServerEnvironment
{
    /// <exception cref="SettingsException">Something is not to be had; the message names the settings.</exception>
    /// <param name="audit">Null where another process keeps the audit.</param>
    public static void Check(HttpOptions http, SplitOptions split, RpcOptions rpc, AuditOptions? audit)
    {
        var errors = new List<SettingsError>();
        var listeners = new List<Listener>
        {
            new(At(http.Address, http.Port)) { Section = "Http" },
            new(At(http.ManagementAddress, http.EffectiveManagementPort)) { Section = "Http", Prefix = "Management" },
        };
        if (split.Port > 0 && split.Runs("identity"))
            listeners.Add(new(At(split.Address, split.Port)) { Section = "Split" });
        if (rpc.Port > 0 && split.Runs("identity"))
            listeners.Add(new(At(rpc.Address, rpc.Port)) { Section = "Grpc" });
        Bind(listeners, errors);
        if (audit?.CanAppend() == false)
            errors.Add(
                new SettingsError
                {
                    Path = $"{SettingsCatalog.Root}:Audit:{nameof(audit.CheckpointFile)}",
                    Value = audit.CheckpointFile,
                    Allowed = "must name a file that this account may write",
                }
            );
        if (errors.Count > 0)
            throw new SettingsException(errors);

        static IPEndPoint At(string address, int port) => new(IPAddress.Parse(address), port);
    }

    private static void Bind(List<Listener> listeners, List<SettingsError> errors)
    {
        for (var i = 0; i < listeners.Count; i++)
        {
            var listener = listeners[i];
            if (listeners.Take(i).FirstOrDefault(listener.IsInTheWayOf) is { } other)
                errors.Add(listener.PortError($"must be another port than {SettingsCatalog.Root}:{other.PortSetting}"));
            else if (Refusal(listener.EndPoint) is { } refused)
                errors.Add(Error(listener, refused));
        }
    }

    /// <summary>Null when it can be bound.</summary>
    private static SocketError? Refusal(IPEndPoint endPoint)
    {
        using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // As the server does: IPv6's any address is IPv4's, too.
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            socket.Bind(endPoint);
            return null;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode;
        }
    }

    private static SettingsError Error(Listener listener, SocketError refused) =>
        refused switch
        {
            SocketError.AddressAlreadyInUse => listener.PortError(
                $"is already in use on {listener.EndPoint.Address}; it must be a free port"
            ),
            SocketError.AccessDenied => listener.PortError("must be a port that this account may listen on"),
            _ => new SettingsError
            {
                Path = $"{SettingsCatalog.Root}:{listener.AddressSetting}",
                Value = listener.EndPoint.Address.ToString(),
                Allowed = "must be an address of this machine",
            },
        };

    private sealed record Listener(IPEndPoint EndPoint)
    {
        public required string Section { get; init; }

        /// <summary>What the names of its settings begin with.</summary>
        public string Prefix { get; init; } = "";

        public string AddressSetting => $"{Section}:{Prefix}Address";

        public string PortSetting => $"{Section}:{Prefix}Port";

        /// <summary>Two sockets that do not listen yet may have the same port, so the system does not say it.</summary>
        public bool IsInTheWayOf(Listener other) =>
            EndPoint.Port != 0
            && EndPoint.Port == other.EndPoint.Port
            && (
                EndPoint.Address.Equals(other.EndPoint.Address)
                || IsEvery(EndPoint.Address, other.EndPoint.Address)
                || IsEvery(other.EndPoint.Address, EndPoint.Address)
            );

        public SettingsError PortError(string allowed) =>
            new()
            {
                Path = $"{SettingsCatalog.Root}:{PortSetting}",
                Value = EndPoint.Port.ToString(CultureInfo.InvariantCulture),
                Allowed = allowed,
            };

        private static bool IsEvery(IPAddress any, IPAddress one) =>
            any.Equals(IPAddress.IPv6Any) || (any.Equals(IPAddress.Any) && one.AddressFamily == AddressFamily.InterNetwork);
    }
}
