<?php
/**
 * Signing, and one request to the app.
 *
 * @package Rebasket
 */

namespace Rebasket;

defined( 'ABSPATH' ) || exit;

/**
 * Post a signed body to the app.
 */
class Wire {

	/**
	 * The connection.
	 *
	 * @var Connection
	 */
	private $connection;

	/**
	 * Take the connection.
	 *
	 * @param Connection $connection Where to, and the secret.
	 */
	public function __construct( Connection $connection ) {
		$this->connection = $connection;
	}

	/**
	 * Sign a body.
	 *
	 * @param string $secret The shared secret.
	 * @param int    $time   Unix seconds.
	 * @param string $body   The raw body.
	 */
	public static function signature( string $secret, int $time, string $body ): string {
		return 't=' . $time . ',v1=' . hash_hmac( 'sha256', $time . '.' . $body, $secret );
	}

	/**
	 * Post a body, signed anew.
	 *
	 * @param string $body    The raw body.
	 * @param int    $timeout Seconds at most.
	 * @return int The answer's status, 0 when there was none.
	 */
	public function post( string $body, int $timeout = 5 ): int {
		$answer = wp_remote_post(
			$this->connection->hook_url(),
			array(
				'timeout'     => $timeout,
				'redirection' => 0,
				'user-agent'  => 'Rebasket/' . REBASKET_VERSION . ' (WooCommerce)',
				'headers'     => array(
					'Content-Type'         => 'application/json',
					'X-Rebasket-Signature' => self::signature( $this->connection->text( 'secret' ), time(), $body ),
				),
				'body'        => $body,
			)
		);
		return is_wp_error( $answer ) ? 0 : (int) wp_remote_retrieve_response_code( $answer );
	}
}
