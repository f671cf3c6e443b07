using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Gatehouse.Audit;
using Gatehouse.Core.Configuration;
using Gatehouse.Web;

namespace Gatehouse.Server.Hosting;

/// <summary>What a server needs of this machine besides its databases: ports that are free, and a file of checkpoints that it may write.
/// Asked before any database is.</summary>
internal static class ServerEnvironment
{
    /// <exception cref="SettingsException">Something is not to be had; the message names the settings.</exception>
    /// <param name="audit">Null where another process keeps the audit.</param>
    public static void Check(HttpOptions http, AuditOptions? audit)
    {
        var errors = new List<SettingsError>();
        using var main = Bind(http.Address, http.Port, nameof(http.Address), nameof(http.Port), errors);
        using var management = Bind(
            http.ManagementAddress,
            http.EffectiveManagementPort,
            nameof(http.ManagementAddress),
            nameof(http.ManagementPort),
            errors
        );
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
    }

    // What binds is held until the other one is tried, for both may not have the same.
    private static Socket? Bind(string address, int port, string addressSetting, string portSetting, List<SettingsError> errors)
    {
        var place = new IPEndPoint(IPAddress.Parse(address), port);
        var socket = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // As the server does: IPv6's any address is IPv4's, too.
            if (place.Address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            socket.Bind(place);
            return socket;
        }
        catch (SocketException refused)
        {
            socket.Dispose();
            var (setting, value, allowed) = refused.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => (portSetting, Text(port), $"is already in use on {address}; it must be a free port"),
                SocketError.AccessDenied => (portSetting, Text(port), "must be a port that this account may listen on"),
                _ => (addressSetting, address, "must be an address of this machine"),
            };
            errors.Add(
                new SettingsError
                {
                    Path = $"{SettingsCatalog.Root}:Http:{setting}",
                    Value = value,
                    Allowed = allowed,
                }
            );
            return null;
        }
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
