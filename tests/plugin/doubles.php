<?php
/** Parts of the plugin whose outer side is replaced: the tables, the lock, the end of a page. */

use Rebasket\Connection;
use Rebasket\Outbox;
use Rebasket\Send_Lock;
use Rebasket\Sender;
use Rebasket\Wire;

/** An outbox in memory. */
final class Memory_Outbox extends Outbox {
	/** @var array<int,array<string,mixed>> */ public $news = array();
	/** @var array<int,object> */ public $rows = array();
	/** @var array<string,int> */ private $revisions = array();
	/** @var int */ private $last = 0;

	public function add( string $type, string $subject, $data ): void {
		$this->revisions[ $subject ] = ( $this->revisions[ $subject ] ?? 0 ) + 1;
		$envelope                    = self::envelope( $type, $this->revisions[ $subject ], $data );
		$this->news[]                = $envelope;
		$this->rows[ ++$this->last ] = (object) array( 'id' => $this->last, 'body' => json_encode( $envelope ), 'attempts' => 0, 'next_try_at' => 0 );
	}
	public function due( int $limit, bool $all = false ): array {
		return array_slice( array_values( array_filter( $this->rows, static function ( $row ) use ( $all ) { return $all || $row->next_try_at <= Lab::$now; } ) ), 0, $limit );
	}
	public function drop( int $id ): void { unset( $this->rows[ $id ] ); }
	public function put_off( int $id, int $attempts, int $at ): void {
		$this->rows[ $id ]->attempts    = $attempts;
		$this->rows[ $id ]->next_try_at = $at;
	}
	/** What was reported since the last call. @return array<int,array<string,mixed>> */
	public function take(): array {
		$news       = $this->news;
		$this->news = array();
		return $news;
	}
}

/** A lock that a test may hold. */
final class Memory_Lock extends Send_Lock {
	/** @var bool */ public $held = false;
	public function take(): bool { return $this->held ? false : $this->held = true; }
	public function release(): void { $this->held = false; }
}

/** A sender on a server that can, or cannot, send the page first. */
final class Lab_Sender extends Sender {
	/** @var bool */ public $can_finish = true;
	protected function let_the_visitor_go(): bool { return $this->can_finish; }
}

/** The body with which the app connects. @return array<string,mixed> */
function connection_body( array $changes = array() ): array {
	return $changes + array(
		'schema'     => 1,
		'shop'       => str_repeat( 'A', 22 ),
		'secret'     => str_repeat( 's', 43 ),
		'app_url'    => 'https://app.example',
		'script_url' => 'https://app.example/w/' . str_repeat( 'A', 22 ) . '/rebasket.js',
		'consent'    => array( 'wording' => 'Mail me about my cart.', 'version' => '2026-11-1', 'box_countries' => array( 'DE', 'SE' ), 'box_default' => true ),
	);
}

/** A connection that stands. */
function standing_connection(): Connection {
	$connection = new Connection();
	same( '', $connection->keep( connection_body() ) );
	return $connection;
}

/** A sender over memory. */
function lab_sender( Connection $connection, Memory_Outbox $outbox, ?Memory_Lock $lock = null ): Lab_Sender {
	return new Lab_Sender( $connection, $outbox, new Wire( $connection ), $lock ? $lock : new Memory_Lock() );
}
